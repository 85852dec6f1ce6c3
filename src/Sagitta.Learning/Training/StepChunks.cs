using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Sagitta.Learning.Training;

/// <summary>
/// The chunks of one training step after another: dealt out to ranks and within a rank to threads, each with a gradient of its own, and
/// these summed in the order of the chunks. The sum has the same bits whatever the numbers of ranks and of threads.
/// </summary>
/// <remarks>
/// A sum of sums would depend on who has which chunk. Therefore each rank sums a part of the vector over all chunks, which the others send
/// it, and the sums are then gathered: with k chunks on a rank this moves k + 1 vectors per rank and step, where the usual reduction, of
/// sums that depend on the number of ranks, moves 2. What else a chunk tells (losses, moments) travels with the sums.
/// </remarks>
/// <typeparam name="T">Precision of the gradients.</typeparam>
internal sealed class StepChunks<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Parts of the vector begin at whole vectors of any width.
    private const int Alignment = 16;
    private readonly WorkerThreads _threads;
    private readonly Ranks _ranks;
    private readonly ParameterVector<T>[] _gradients;
    private readonly ChunkReduction<T> _reduction;
    private readonly double[] _numbers;
    private readonly int _numbersOfChunk;
    private readonly int[] _owner;
    private readonly int[] _slot;
    private readonly int[] _own;
    private readonly int[] _ownCount;
    private readonly long[] _load;
    private readonly int[] _sentLengths;
    private readonly int[] _receivedLengths;
    private readonly int[] _starts;
    private readonly Action<int, int> _turn;
    private Action<int, int>? _work;
    private byte[] _sent = [];
    private byte[] _received = [];

    /// <summary>Room for steps of up to <paramref name="chunks"/> chunks.</summary>
    /// <param name="layout">The network.</param>
    /// <param name="chunks">The largest number of chunks of a step.</param>
    /// <param name="numbers">How many numbers a chunk tells besides its gradient.</param>
    /// <param name="threads">Threads of this rank.</param>
    /// <param name="ranks">The processes; null for one.</param>
    public StepChunks(ParameterLayout layout, int chunks, int numbers, WorkerThreads threads, Ranks? ranks = null)
    {
        _threads = threads;
        _ranks = ranks ?? Ranks.Alone;
        int own = (chunks + _ranks.Count - 1) / _ranks.Count;
        _gradients = [.. Enumerable.Range(0, own).Select(_ => new ParameterVector<T>(layout))];
        _reduction = new(_gradients);
        _numbersOfChunk = numbers;
        _numbers = new double[chunks * numbers];
        _owner = new int[chunks];
        _slot = new int[chunks];
        _own = new int[own];
        _ownCount = new int[_ranks.Count];
        _load = new long[_ranks.Count];
        _sentLengths = new int[_ranks.Count];
        _receivedLengths = new int[_ranks.Count];
        _starts = new int[_ranks.Count];
        _turn = (turn, worker) => _work!(_own[turn], worker);
    }

    /// <summary>The gradient of a chunk of this rank; zero when its work begins.</summary>
    public ParameterVector<T> GradientOf(int chunk) => _gradients[_slot[chunk]];

    /// <summary>What a chunk tells besides its gradient: its work fills it in; after <see cref="Run"/> it is there of all chunks.</summary>
    public Span<double> NumbersOf(int chunk) => _numbers.AsSpan(chunk * _numbersOfChunk, _numbersOfChunk);

    /// <summary>Does one step.</summary>
    /// <param name="turns">The chunks 0 to n - 1 in the order in which they shall begin; the same on all ranks. The sum keeps the order of
    /// their numbers.</param>
    /// <param name="work">Does a chunk, told its number and the thread.</param>
    /// <param name="total">Gets the sum of the gradients, on every rank.</param>
    /// <param name="efforts">How much work each turn is, in any unit; without, all are taken to be alike.</param>
    public void Run(ReadOnlySpan<int> turns, Action<int, int> work, ParameterVector<T> total, ReadOnlySpan<long> efforts = default)
    {
        Deal(turns, efforts);
        _work = work;
        _threads.Run(_ownCount[_ranks.Rank], _turn);
        _work = null;
        if (_ranks.Count == 1)
        {
            _reduction.SumInto(total, turns.Length, _threads);
            return;
        }

        SumPart(total.Values, turns.Length);
        GatherParts(total.Values, turns.Length);
    }

    public void Dispose()
    {
        foreach (ParameterVector<T> gradient in _gradients)
        {
            gradient.Dispose();
        }
    }

    // Each turn goes to the rank with the least work that has room for it: of turns in falling order of their work all get about as much.
    private void Deal(ReadOnlySpan<int> turns, ReadOnlySpan<long> efforts)
    {
        Array.Clear(_ownCount);
        Array.Clear(_load);
        for (int i = 0; i < turns.Length; i++)
        {
            int owner = -1;
            for (int rank = 0; rank < _ranks.Count; rank++)
            {
                owner = _ownCount[rank] < _own.Length && (owner < 0 || _load[rank] < _load[owner]) ? rank : owner;
            }

            _owner[turns[i]] = owner;
            if (owner == _ranks.Rank)
            {
                _own[_ownCount[owner]] = turns[i];
            }

            _ownCount[owner]++;
            _load[owner] += efforts.IsEmpty ? 1 : Math.Abs(efforts[i]);
        }

        int slot = 0;
        for (int chunk = 0; chunk < turns.Length; chunk++)
        {
            _slot[chunk] = _owner[chunk] == _ranks.Rank ? slot++ : -1;
        }
    }

    private Range PartOf(int rank, int length)
    {
        int blocks = length / Alignment;
        int start = Alignment * (int)((long)blocks * rank / _ranks.Count);
        return start..(rank + 1 == _ranks.Count ? length : Alignment * (int)((long)blocks * (rank + 1) / _ranks.Count));
    }

    // Every rank gets its part of all gradients and sums it in the order of the chunks.
    private unsafe void SumPart(Span<T> total, int chunks)
    {
        int own = _ownCount[_ranks.Rank];
        Span<T> sent = Room(ref _sent, own * total.Length);
        Span<T> rest = sent;
        for (int rank = 0; rank < _ranks.Count; rank++)
        {
            Range part = PartOf(rank, total.Length);
            for (int slot = 0; slot < own; slot++)
            {
                Span<T> piece = _gradients[slot].Values[part];
                piece.CopyTo(rest);
                piece.Clear();
                rest = rest[piece.Length..];
            }

            _sentLengths[rank] = own * (part.End.Value - part.Start.Value) * sizeof(T);
        }

        Span<T> sum = total[PartOf(_ranks.Rank, total.Length)];
        Span<T> received = Room(ref _received, chunks * sum.Length);
        int before = 0;
        for (int rank = 0; rank < _ranks.Count; rank++)
        {
            _starts[rank] = before;
            before += _ownCount[rank] * sum.Length;
            _receivedLengths[rank] = _ownCount[rank] * sum.Length * sizeof(T);
        }

        _ranks.Exchange(MemoryMarshal.AsBytes(sent), _sentLengths, MemoryMarshal.AsBytes(received), _receivedLengths);
        sum.Clear();
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            ref int start = ref _starts[_owner[chunk]];
            TensorPrimitives.Add(sum, received.Slice(start, sum.Length), sum);
            start += sum.Length;
        }
    }

    // Every rank gets the sums of all parts and the numbers of all chunks.
    private unsafe void GatherParts(Span<T> total, int chunks)
    {
        int all = 0;
        for (int rank = 0; rank < _ranks.Count; rank++)
        {
            Range part = PartOf(rank, total.Length);
            _receivedLengths[rank] = ((part.End.Value - part.Start.Value) * sizeof(T))
                + (_ownCount[rank] * _numbersOfChunk * sizeof(double));
            all += _receivedLengths[rank];
        }

        Span<byte> sent = Room(ref _sent, _receivedLengths[_ranks.Rank], 1);
        Span<byte> sum = MemoryMarshal.AsBytes(total[PartOf(_ranks.Rank, total.Length)]);
        sum.CopyTo(sent);
        CopyNumbers(sent[sum.Length..], _ranks.Rank, chunks, toChunks: false);
        Span<byte> received = Room(ref _received, all, 1);
        _ranks.Gather(sent, received, _receivedLengths);
        for (int rank = 0; rank < _ranks.Count; rank++)
        {
            Span<byte> part = MemoryMarshal.AsBytes(total[PartOf(rank, total.Length)]);
            received[..part.Length].CopyTo(part);
            CopyNumbers(received[part.Length.._receivedLengths[rank]], rank, chunks, toChunks: true);
            received = received[_receivedLengths[rank]..];
        }
    }

    private void CopyNumbers(Span<byte> bytes, int rank, int chunks, bool toChunks)
    {
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            if (_owner[chunk] == rank)
            {
                Span<byte> own = MemoryMarshal.AsBytes(NumbersOf(chunk));
                if (toChunks)
                {
                    bytes[..own.Length].CopyTo(own);
                }
                else
                {
                    own.CopyTo(bytes);
                }

                bytes = bytes[own.Length..];
            }
        }
    }

    private static unsafe Span<T> Room(ref byte[] buffer, int count) =>
        MemoryMarshal.Cast<byte, T>(Room(ref buffer, count, sizeof(T)));

    private static Span<byte> Room(ref byte[] buffer, int count, int size)
    {
        int length = checked(count * size);
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        }

        return buffer.AsSpan(0, length);
    }
}
