using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sagitta.Core.Memory;

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
