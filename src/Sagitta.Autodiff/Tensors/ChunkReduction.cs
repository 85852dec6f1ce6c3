using System.Numerics;
using System.Numerics.Tensors;

namespace Sagitta.Autodiff.Tensors;

/// <summary>
/// Sums the gradients of chunks in the order of the chunks, whatever thread computed them, and clears them for the next step.
/// Each number is summed on its own, so sharing the vector out among threads changes no bit.
/// </summary>
internal sealed class ChunkReduction<T> : IChunkWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Long enough that taking a piece costs little, short enough to stay in the first-level cache.
    private const int PieceLength = 2048;
    private readonly ParameterVector<T>[] _chunks;
    private ParameterVector<T>? _total;
    private int _active;

    /// <summary>A reduction over these vectors, one a chunk, all of one layout.</summary>
    public ChunkReduction(IEnumerable<ParameterVector<T>> chunks)
    {
        _chunks = [.. chunks];
        if (_chunks.Any(chunk => !ReferenceEquals(chunk.Layout, _chunks[0].Layout)))
        {
            throw new ArgumentException("The gradients of chunks must share one layout.", nameof(chunks));
        }
    }

    /// <summary>
    /// Sets <paramref name="total"/> to the sum of the first <paramref name="active"/> chunk vectors and clears those; with no
    /// chunks the total is zero.
    /// </summary>
    public void SumInto(ParameterVector<T> total, int active, WorkerThreads threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(active);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(active, _chunks.Length);
        if (_chunks.Length > 0 && !ReferenceEquals(total.Layout, _chunks[0].Layout))
        {
            throw new ArgumentException("The total must have the layout of the chunks.", nameof(total));
        }

        _total = total;
        _active = active;
        threads.Run((total.Values.Length + PieceLength - 1) / PieceLength, this);
        _total = null;
    }

    void IChunkWork.Run(int chunk, int worker)
    {
        int start = chunk * PieceLength;
        Span<T> total = _total!.Values[start..Math.Min(start + PieceLength, _total.Values.Length)];
        total.Clear();
        foreach (ParameterVector<T> vector in _chunks.AsSpan(0, _active))
        {
            Span<T> part = vector.Values.Slice(start, total.Length);
            TensorPrimitives.Add(total, part, total);
            part.Clear();
        }
    }
}
