using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Core.Randomness;

/// <summary>
/// Four generators xoshiro256++ side by side, for blocks of single-precision draws. Only elementwise vector operations without
/// fused multiply-add: a key gives the same bits on every machine.
/// </summary>
internal struct VectorDraws
{
    private const float Step = 1f / (1 << 23);
    private const float StepOfProduct = 1f / (1L << 32);
    private Vector256<ulong> _s0;
    private Vector256<ulong> _s1;
    private Vector256<ulong> _s2;
    private Vector256<ulong> _s3;

    public VectorDraws(RandomKey key)
    {
        ulong state = key.State;
        _s0 = Seed(ref state);
        _s1 = Seed(ref state);
        _s2 = Seed(ref state);
        _s3 = Seed(ref state);
    }

    /// <summary>
    /// Writes 64 standard normals (Box and Muller, Ann. Math. Stat. 29 (1958) 610), up to 5.8 widths: eight cosines, then the eight sines.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Gaussians(ref float to)
    {
        Vector256<uint> radius0 = Next();
        Vector256<uint> turn0 = Next();
        Vector256<uint> radius1 = Next();
        Vector256<uint> turn1 = Next();
        Vector256<uint> radius2 = Next();
        Vector256<uint> turn2 = Next();
        Vector256<uint> radius3 = Next();
        Vector256<uint> turn3 = Next();
        (Vector256<float> log0, Vector256<float> log1, Vector256<float> log2, Vector256<float> log3) =
            Logarithms(UniformOf(radius0), UniformOf(radius1), UniformOf(radius2), UniformOf(radius3));
        WriteGaussians(log0, turn0, ref to);
        WriteGaussians(log1, turn1, ref Unsafe.Add(ref to, 16));
        WriteGaussians(log2, turn2, ref Unsafe.Add(ref to, 32));
        WriteGaussians(log3, turn3, ref Unsafe.Add(ref to, 48));
    }

    /// <summary>
    /// ln x for x in (0, 1]: the polynomial of Cephes' logf, relative error below 3e-7. Of four at a time, step by step: each step waits
    /// for the one before, and the processor doesn't see far enough ahead to fill the time by itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Y0, Vector256<float> Y1, Vector256<float> Y2, Vector256<float> Y3) Logarithms(
        Vector256<float> x0, Vector256<float> x1, Vector256<float> x2, Vector256<float> x3)
    {
        // The mantissa goes to [sqrt(1/2), sqrt(2)): the exponent is counted from there.
        Vector256<int> power0 = (x0.AsInt32() - Vector256.Create(0x3F3504F3)) >> 23;
        Vector256<int> power1 = (x1.AsInt32() - Vector256.Create(0x3F3504F3)) >> 23;
        Vector256<int> power2 = (x2.AsInt32() - Vector256.Create(0x3F3504F3)) >> 23;
        Vector256<int> power3 = (x3.AsInt32() - Vector256.Create(0x3F3504F3)) >> 23;
        Vector256<float> m0 = (x0.AsInt32() - (power0 << 23)).AsSingle() - Vector256.Create(1f);
        Vector256<float> m1 = (x1.AsInt32() - (power1 << 23)).AsSingle() - Vector256.Create(1f);
        Vector256<float> m2 = (x2.AsInt32() - (power2 << 23)).AsSingle() - Vector256.Create(1f);
        Vector256<float> m3 = (x3.AsInt32() - (power3 << 23)).AsSingle() - Vector256.Create(1f);
        Vector256<float> y0 = Vector256.Create(7.0376836292e-2f);
        (Vector256<float> y1, Vector256<float> y2, Vector256<float> y3) = (y0, y0, y0);
        (y0, y1, y2, y3) = MultiplyAdd(y0, y1, y2, y3, m0, m1, m2, m3, -1.1514610310e-1f);
        (y0, y1, y2, y3) = MultiplyAdd(y0, y1, y2, y3, m0, m1, m2, m3, 1.1676998740e-1f);
        (y0, y1, y2, y3) = MultiplyAdd(y0, y1, y2, y3, m0, m1, m2, m3, -1.2420140846e-1f);
        (y0, y1, y2, y3) = MultiplyAdd(y0, y1, y2, y3, m0, m1, m2, m3, 1.4249322787e-1f);
        (y0, y1, y2, y3) = MultiplyAdd(y0, y1, y2, y3, m0, m1, m2, m3, -1.6668057665e-1f);
        (y0, y1, y2, y3) = MultiplyAdd(y0, y1, y2, y3, m0, m1, m2, m3, 2.0000714765e-1f);
        (y0, y1, y2, y3) = MultiplyAdd(y0, y1, y2, y3, m0, m1, m2, m3, -2.4999993993e-1f);
        (y0, y1, y2, y3) = MultiplyAdd(y0, y1, y2, y3, m0, m1, m2, m3, 3.3333331174e-1f);
        return (Assemble(m0, y0, power0), Assemble(m1, y1, power1), Assemble(m2, y2, power2), Assemble(m3, y3, power3));
    }

    /// <summary>Sine and cosine of 2 pi x for x in [0, 1): Cephes' sinf and cosf about the nearest quarter turn, error below
    /// 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Sine, Vector256<float> Cosine) SineCosineOfTurn(Vector256<float> x)
    {
        Vector256<int> quarter = Vector256.ConvertToInt32Native((x * Vector256.Create(4f)) + Vector256.Create(0.5f));
        Vector256<float> angle = (x - (Vector256.ConvertToSingle(quarter) * Vector256.Create(0.25f))) * Vector256.Create(6.28318531f);
        Vector256<float> square = angle * angle;
        Vector256<float> sine = Vector256.Create(-1.9515295891e-4f);
        sine = (sine * square) + Vector256.Create(8.3321608736e-3f);
        sine = (sine * square) + Vector256.Create(-1.6666654611e-1f);
        sine = (sine * square * angle) + angle;
        Vector256<float> cosine = Vector256.Create(2.443315711809948e-5f);
        cosine = (cosine * square) + Vector256.Create(-1.388731625493765e-3f);
        cosine = (cosine * square) + Vector256.Create(4.166664568298827e-2f);
        cosine = (cosine * square * square) - (square * Vector256.Create(0.5f)) + Vector256.Create(1f);

        // A quarter turn swaps them; quarters 1 and 2 turn the cosine's sign, 2 and 3 the sine's.
        Vector256<float> swap = Vector256.Equals(quarter & Vector256.Create(1), Vector256.Create(1)).AsSingle();
        Vector256<float> sineSign = ((quarter << 30) & Vector256.Create(int.MinValue)).AsSingle();
        Vector256<float> cosineSign = (((quarter + Vector256.Create(1)) << 30) & Vector256.Create(int.MinValue)).AsSingle();
        return (Vector256.ConditionalSelect(swap, cosine, sine) ^ sineSign, Vector256.ConditionalSelect(swap, sine, cosine) ^ cosineSign);
    }

    /// <summary>Uniforms in the open interval (0, 1) of random bits: (n + 1/2) 2^-23.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> UniformOf(Vector256<uint> bits) =>
        (Vector256.ConvertToSingle((bits >> 9).AsInt32()) + Vector256.Create(0.5f)) * Vector256.Create(Step);

    /// <summary>Products of two uniforms of 16 bits each, (m + 1/2) (n + 1/2) 2^-32: minus its logarithm is a sum of two
    /// exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> UniformProductOf(Vector256<uint> bits)
    {
        Vector256<float> high = Vector256.ConvertToSingle((bits >> 16).AsInt32()) + Vector256.Create(0.5f);
        Vector256<float> low = Vector256.ConvertToSingle((bits & Vector256.Create(0xFFFFu)).AsInt32()) + Vector256.Create(0.5f);
        return high * low * Vector256.Create(StepOfProduct);
    }

    /// <summary>The next eight words of random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<uint> Next()
    {
        Vector256<ulong> sum = _s0 + _s3;
        Vector256<ulong> result = Rotate(sum, 23) + _s0;
        Vector256<ulong> t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = Rotate(_s3, 45);
        return result.AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteGaussians(Vector256<float> logarithm, Vector256<uint> turn, ref float to)
    {
        Vector256<float> radius = Vector256.Sqrt(Vector256.Create(-2f) * logarithm);
        (Vector256<float> sine, Vector256<float> cosine) = SineCosineOfTurn(UniformOf(turn));
        (radius * cosine).StoreUnsafe(ref to);
        (radius * sine).StoreUnsafe(ref to, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Y0, Vector256<float> Y1, Vector256<float> Y2, Vector256<float> Y3) MultiplyAdd(
        Vector256<float> y0, Vector256<float> y1, Vector256<float> y2, Vector256<float> y3,
        Vector256<float> m0, Vector256<float> m1, Vector256<float> m2, Vector256<float> m3, float addend)
    {
        Vector256<float> c = Vector256.Create(addend);
        return ((y0 * m0) + c, (y1 * m1) + c, (y2 * m2) + c, (y3 * m3) + c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Assemble(Vector256<float> m, Vector256<float> y, Vector256<int> power)
    {
        Vector256<float> z = m * m;
        Vector256<float> exponent = Vector256.ConvertToSingle(power);
        y = (y * m * z) + (exponent * Vector256.Create(-2.12194440e-4f)) - (z * Vector256.Create(0.5f));
        return m + y + (exponent * Vector256.Create(0.693359375f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Rotate(Vector256<ulong> value, int bits) => (value << bits) | (value >>> (64 - bits));

    private static Vector256<ulong> Seed(ref ulong state)
    {
        const ulong Golden = 0x9E3779B97F4A7C15UL;
        return Vector256.Create(
            RandomKey.Mix(state += Golden), RandomKey.Mix(state += Golden), RandomKey.Mix(state += Golden), RandomKey.Mix(state += Golden));
    }
}
