using System.Runtime.InteropServices;

namespace Sagitta.Autodiff.Memory;

/// <summary>A fixed run of numbers outside the managed heap, aligned to 64 bytes (one cache line, one 512-bit vector) and zeroed.</summary>
public sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private T* _values;

    /// <summary>Allocates <paramref name="length"/> zeros.</summary>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = Math.Max((nuint)length * (nuint)sizeof(T), 64);
        _values = (T*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_values, bytes);
        GC.AddMemoryPressure((long)bytes);
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
            GC.RemoveMemoryPressure((long)Math.Max((nuint)Length * (nuint)sizeof(T), 64));
            _values = null;
        }
    }
}
