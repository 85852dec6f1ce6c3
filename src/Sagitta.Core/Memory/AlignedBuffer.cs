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

    /// <inheritdoc />
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
