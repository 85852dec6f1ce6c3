using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sagitta.Core.Memory;

/// <summary>
/// A fixed run of numbers outside the managed heap, aligned to 64 bytes (one cache line, one 512-bit vector) and zeroed. Kernels may read,
/// though not use, a vector that ends beyond the last number.
/// </summary>
internal sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;
    private readonly nuint _bytes;
    private T* _values;

    /// <summary>Allocates <paramref name="length"/> zeros.</summary>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _bytes = ((nuint)length * (nuint)sizeof(T)) + Alignment;
        _values = (T*)NativeMemory.AlignedAlloc(_bytes, Alignment);
        NativeMemory.Clear(_values, _bytes);
        GC.AddMemoryPressure((long)_bytes);
    }

    /// <summary>Frees memory that was never disposed.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>How many numbers it holds.</summary>
    public int Length { get; }

    /// <summary>The numbers.</summary>
    public Span<T> Values
    {
        get
        {
            ObjectDisposedException.ThrowIf(_values is null, this);
            return new(_values, Length);
        }
    }

    internal T* Pointer => _values;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_values is not null)
        {
            NativeMemory.AlignedFree(_values);
            GC.RemoveMemoryPressure((long)_bytes);
            _values = null;
        }
    }
}

/// <summary>
/// A fixed run of numbers on the managed heap that never moves, aligned to 64 bytes and zeroed: a tape can use it in place
/// (Borrow of a tape). Kernels may read, though not use, a vector that ends
/// beyond the last number. Freed with the last reference to it.
/// </summary>
internal sealed unsafe class PinnedBuffer<T>
    where T : unmanaged
{
    private const int Alignment = 64;
    private readonly byte[] _memory;
    private readonly int _start;

    /// <summary>Allocates <paramref name="length"/> zeros.</summary>
    public PinnedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _memory = GC.AllocateArray<byte>(checked((length * sizeof(T)) + (2 * Alignment)), pinned: true);
        byte* memory = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        _start = (int)(((nuint)Alignment - ((nuint)memory % Alignment)) % Alignment);
        Pointer = (T*)(memory + _start);
    }

    /// <summary>How many numbers it holds.</summary>
    public int Length { get; }

    /// <summary>The numbers.</summary>
    public Span<T> Values => MemoryMarshal.Cast<byte, T>(_memory.AsSpan(_start, Length * sizeof(T)));

    internal T* Pointer { get; }
}
