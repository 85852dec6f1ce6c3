using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The vector arithmetic that kernels are written in, once for all widths. The type parameters are structs, so the just-in-time
/// compiler makes one version per width and number type, without indirection.
/// </summary>
internal unsafe interface IVectorWidth<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Whether the instruction set has 32 vector registers (else 16): sets the tile of the matrix kernels.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TVector Create(T value);

    static abstract TVector Load(T* source);

    static abstract void Store(TVector value, T* target);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a b + c: fused where the hardware fuses, else two roundings (an emulated fusion is many times slower).</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The larger of both; the second where either is NaN on x86.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>The larger of both; NaN where either is.</summary>
    static abstract TVector MaxOrNaN(TVector a, TVector b);

    /// <summary>The smaller of both; the second where either is NaN on x86.</summary>
    static abstract TVector Min(TVector a, TVector b);

    static abstract TVector Abs(TVector a);

    static abstract TVector Sqrt(TVector a);

    /// <summary><paramref name="yes"/> where <paramref name="a"/> is above zero, else <paramref name="no"/> (NaN takes no).</summary>
    static abstract TVector SelectPositive(TVector a, TVector yes, TVector no);

    /// <summary><paramref name="yes"/> where <paramref name="a"/> equals <paramref name="b"/>, else <paramref name="no"/>.</summary>
    static abstract TVector SelectEqual(TVector a, TVector b, TVector yes, TVector no);

    /// <summary>Adds every lane to a number in double.</summary>
    static abstract void AddWidened(TVector a, double* sums);

    /// <summary>Adds the integer held in the low bits of <paramref name="shifted"/> to the binary exponent of
    /// <paramref name="a"/>.</summary>
    static abstract TVector AddToExponent(TVector a, TVector shifted);

    /// <summary>Sum over all lanes, by halves.</summary>
    static abstract T Sum(TVector a);

    /// <summary>
    /// Stores (or adds) <paramref name="heads"/> sums, each over the lanes of equal remainder modulo heads. Heads is a power of two up
    /// to the lanes.
    /// </summary>
    static abstract void StoreFolded(TVector a, T* target, int heads, bool accumulate);

    /// <summary><see cref="StoreFolded(TVector, T*, int, bool)"/> of four vectors, one after another.</summary>
    static abstract void StoreFolded(TVector a, TVector b, TVector c, TVector d, T* target, int heads, bool accumulate);

    /// <summary>The sums of <see cref="StoreFolded(TVector, T*, int, bool)"/>, repeated over all lanes.</summary>
    static abstract TVector Folded(TVector a, int heads);

    /// <summary>The largest of the lanes of equal remainder modulo <paramref name="heads"/>, repeated over all lanes.</summary>
    static abstract TVector FoldedMax(TVector a, int heads);

    /// <summary><paramref name="heads"/> numbers, repeated over all lanes.</summary>
    static abstract TVector LoadRepeated(T* source, int heads);

    /// <summary>A bit for each lane above zero.</summary>
    static abstract uint PositiveBits(TVector a);

    /// <summary><paramref name="yes"/> in the lanes whose bit is set, else <paramref name="no"/>.</summary>
    static abstract TVector SelectBits(uint bits, TVector yes, TVector no);

    /// <summary>Bits in every lane, for <see cref="SelectRepeated"/>.</summary>
    static abstract TVector RepeatBits(uint* bits);

    /// <summary>
    /// <paramref name="yes"/> in the lanes i whose bit i (of the upper half i + lanes) of <see cref="RepeatBits"/> is set, else
    /// <paramref name="no"/>.
    /// </summary>
    static abstract TVector SelectRepeated(TVector bits, bool upper, TVector yes, TVector no);
}
