using System.Runtime.InteropServices;

namespace Sagitta.Core.Memory;

/// <summary>
/// Memory that is handed out forward and taken back all at once. Blocks are kept over <see cref="Reset"/>, so after the
/// first steps of a run nothing is allocated any more. Every piece begins on a 64-byte border. Kernels may read, though not use,
/// a vector that ends beyond a piece. Not thread-safe: one arena a thread.
/// </summary>
internal sealed unsafe class Arena : IDisposable
{
    private const nuint Alignment = 64;
    private readonly List<(nint Start, nuint Size)> _blocks = [];
    private readonly nuint _blockSize;
    private int _block;
    private nuint _used;
    private nuint _handedOut;
    private nuint _largest;

    /// <summary>An arena whose blocks have at least <paramref name="blockSize"/> bytes.</summary>
    public Arena(int blockSize = 1 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 64);
        _blockSize = (nuint)blockSize;
    }

    /// <summary>Frees blocks that were never disposed.</summary>
    ~Arena() => Free();

    /// <summary>Bytes held in all blocks.</summary>
    public long Capacity { get; private set; }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Takes back everything that was handed out; what points into it is invalid from here on. Where several blocks were needed, one of
    /// the largest size ever needed takes their place: steps of changing sizes would otherwise leave gaps in old blocks and add new ones.
    /// </summary>
    public void Reset()
    {
        _largest = Math.Max(_largest, _handedOut);
        if (_blocks.Count > 1)
        {
            Free();
            nuint size = Math.Max(_blockSize, (_largest + Alignment - 1) & ~(Alignment - 1));
            _blocks.Add(((nint)NativeMemory.AlignedAlloc(size + Alignment, Alignment), size));
            Capacity = (long)size;
        }

        _handedOut = 0;
        _block = 0;
        _used = 0;
    }

    /// <summary>Memory for <paramref name="length"/> numbers, not cleared.</summary>
    internal T* Allocate<T>(int length)
        where T : unmanaged
    {
        nuint bytes = (((nuint)length * (nuint)sizeof(T)) + Alignment - 1) & ~(Alignment - 1);
        _handedOut += bytes;
        while (_block < _blocks.Count)
        {
            (nint start, nuint size) = _blocks[_block];
            if (_used + bytes <= size)
            {
                T* piece = (T*)((byte*)start + _used);
                _used += bytes;
                return piece;
            }

            _block++;
            _used = 0;
        }

        nuint newSize = Math.Max(_blockSize, bytes);
        void* block = NativeMemory.AlignedAlloc(newSize + Alignment, Alignment);
        _blocks.Add(((nint)block, newSize));
        Capacity += (long)newSize;
        _used = bytes;
        return (T*)block;
    }

    private void Free()
    {
        foreach ((nint start, nuint _) in _blocks)
        {
            NativeMemory.AlignedFree((void*)start);
        }

        _blocks.Clear();
        Capacity = 0;
    }
}
