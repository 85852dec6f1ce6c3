using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// As many numbers as a vector holds, and their arithmetic: what kernels, fits and networks are written in, once for all widths and both
/// number types. The type parameters are structs, so the just-in-time compiler makes one version for each, without indirection.
/// Comparisons give masks: lanes with all bits set or none.
/// </summary>
internal unsafe interface ILanes<TSelf, T>
    where TSelf : unmanaged, ILanes<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Whether the instruction set has 32 vector registers (else 16): sets the tile of the matrix kernels.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TSelf Broadcast(T value);

    static abstract TSelf Load(T* source);

    static abstract void Store(TSelf value, T* target);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a b + c: fused where the hardware fuses, else two roundings (an emulated fusion is many times slower).</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>a b + c with one rounding on every machine.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The same with a number from memory for a: one instruction, where a broadcast would be another.</summary>
    static virtual TSelf FusedMultiplyAdd(T* a, TSelf b, TSelf c) => TSelf.FusedMultiplyAdd(TSelf.Broadcast(*a), b, c);

    /// <summary>The larger of both; the second where either is NaN on x86.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The larger of both; NaN where either is.</summary>
    static abstract TSelf MaxOrNaN(TSelf a, TSelf b);

    /// <summary>The smaller of both; the second where either is NaN on x86.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    static abstract TSelf Abs(TSelf a);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>Mask of the lanes above zero (NaN is not).</summary>
    static abstract TSelf Positive(TSelf a);

    static abstract TSelf LessThan(TSelf a, TSelf b);

    static abstract TSelf LessOrEqual(TSelf a, TSelf b);

    static abstract TSelf Equal(TSelf a, TSelf b);

    static abstract TSelf And(TSelf a, TSelf b);

    static abstract TSelf AndNot(TSelf a, TSelf not);

    static abstract TSelf Or(TSelf a, TSelf b);

    /// <summary><paramref name="yes"/> where the mask is set, else <paramref name="no"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf yes, TSelf no);

    /// <summary><paramref name="yes"/> where a is below b, else <paramref name="no"/>.</summary>
    static virtual TSelf SelectLess(TSelf a, TSelf b, TSelf yes, TSelf no) => TSelf.Select(TSelf.LessThan(a, b), yes, no);

    static abstract bool Any(TSelf mask);

    /// <summary>A bit for each lane of a mask.</summary>
    static abstract uint Bits(TSelf mask);

    /// <summary>A bit for each lane above zero.</summary>
    static virtual uint PositiveBits(TSelf a) => TSelf.Bits(TSelf.Positive(a));

    /// <summary>Adds every lane to a number in double.</summary>
    static abstract void AddWidened(TSelf a, double* sums);

    /// <summary>Adds vectors, one after another, to a number in double for each lane.</summary>
    static virtual void AddWidened(TSelf* vectors, int count, double* sums)
    {
        for (int i = 0; i < count; i++)
        {
            TSelf.AddWidened(vectors[i], sums);
        }
    }

    /// <summary>Adds the integer held in the low bits of <paramref name="shifted"/> to the binary exponent of
    /// <paramref name="a"/>.</summary>
    static abstract TSelf AddToExponent(TSelf a, TSelf shifted);

    /// <summary>Sum over all lanes, by halves.</summary>
    static abstract T Sum(TSelf a);
}

/// <summary>Vectors whose lanes are dealt out to attention heads: lane i belongs to the head of number i modulo heads. Heads is a power of
/// two up to the lanes.</summary>
internal unsafe interface IHeadLanes<TSelf, T> : ILanes<TSelf, T>
    where TSelf : unmanaged, IHeadLanes<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Stores (or adds) <paramref name="heads"/> sums, each over the lanes of a head.</summary>
    static abstract void StoreFolded(TSelf a, T* target, int heads, bool accumulate);

    /// <summary><see cref="StoreFolded(TSelf, T*, int, bool)"/> of four vectors, one after another.</summary>
    static abstract void StoreFolded(TSelf a, TSelf b, TSelf c, TSelf d, T* target, int heads, bool accumulate);

    /// <summary>The sums of <see cref="StoreFolded(TSelf, T*, int, bool)"/>, repeated over all lanes.</summary>
    static abstract TSelf Folded(TSelf a, int heads);

    /// <summary>The largest of the lanes of each head, repeated over all lanes.</summary>
    static abstract TSelf FoldedMax(TSelf a, int heads);

    /// <summary><paramref name="heads"/> numbers, repeated over all lanes.</summary>
    static abstract TSelf LoadRepeated(T* source, int heads);

    /// <summary><paramref name="yes"/> in the lanes whose bit is set, else <paramref name="no"/>.</summary>
    static abstract TSelf SelectBits(uint bits, TSelf yes, TSelf no);

    /// <summary>Bits in every lane, for <see cref="SelectRepeated"/>.</summary>
    static abstract TSelf RepeatBits(uint* bits);

    /// <summary>
    /// <paramref name="yes"/> in the lanes i whose bit i (of the upper half i + lanes) of <see cref="RepeatBits"/> is set, else
    /// <paramref name="no"/>.
    /// </summary>
    static abstract TSelf SelectRepeated(TSelf bits, bool upper, TSelf yes, TSelf no);
}
