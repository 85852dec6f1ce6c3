using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Autodiff.Randomness;

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
        (Vector512<float> first, Vector512<float> second) = Logarithms(UniformOf(Vector512.Create(radius0, radius1)), UniformOf(Vector512.Create(radius2, radius3)));
        first = Vector512.Sqrt(Vector512.Create(-2f) * first);
        second = Vector512.Sqrt(Vector512.Create(-2f) * second);
        (Vector512<float> sine, Vector512<float> cosine) = SineCosineOfTurn(UniformOf(Vector512.Create(turn0, turn1)));
        Write(first * cosine, first * sine, ref to);
        (sine, cosine) = SineCosineOfTurn(UniformOf(Vector512.Create(turn2, turn3)));
        Write(second * cosine, second * sine, ref Unsafe.Add(ref to, 32));
    }

    /// <summary>
    /// ln x for x in (0, 1]: the polynomial of Cephes' logf, relative error below 3e-7. Of two at a time, step by step: each step waits for the
    /// one before, and the processor doesn't see far enough ahead to fill the time by itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> First, Vector512<float> Second) Logarithms(Vector512<float> first, Vector512<float> second)
    {
        // The mantissa goes to [sqrt(1/2), sqrt(2)): the exponent is counted from there.
        Vector512<int> power0 = (first.AsInt32() - Vector512.Create(0x3F3504F3)) >> 23;
        Vector512<int> power1 = (second.AsInt32() - Vector512.Create(0x3F3504F3)) >> 23;
        Vector512<float> m0 = (first.AsInt32() - (power0 << 23)).AsSingle() - Vector512.Create(1f);
        Vector512<float> m1 = (second.AsInt32() - (power1 << 23)).AsSingle() - Vector512.Create(1f);
        Vector512<float> y0 = Vector512.Create(7.0376836292e-2f);
        Vector512<float> y1 = y0;
        (y0, y1) = ((y0 * m0) + Vector512.Create(-1.1514610310e-1f), (y1 * m1) + Vector512.Create(-1.1514610310e-1f));
        (y0, y1) = ((y0 * m0) + Vector512.Create(1.1676998740e-1f), (y1 * m1) + Vector512.Create(1.1676998740e-1f));
        (y0, y1) = ((y0 * m0) + Vector512.Create(-1.2420140846e-1f), (y1 * m1) + Vector512.Create(-1.2420140846e-1f));
        (y0, y1) = ((y0 * m0) + Vector512.Create(1.4249322787e-1f), (y1 * m1) + Vector512.Create(1.4249322787e-1f));
        (y0, y1) = ((y0 * m0) + Vector512.Create(-1.6668057665e-1f), (y1 * m1) + Vector512.Create(-1.6668057665e-1f));
        (y0, y1) = ((y0 * m0) + Vector512.Create(2.0000714765e-1f), (y1 * m1) + Vector512.Create(2.0000714765e-1f));
        (y0, y1) = ((y0 * m0) + Vector512.Create(-2.4999993993e-1f), (y1 * m1) + Vector512.Create(-2.4999993993e-1f));
        (y0, y1) = ((y0 * m0) + Vector512.Create(3.3333331174e-1f), (y1 * m1) + Vector512.Create(3.3333331174e-1f));
        Vector512<float> z0 = m0 * m0;
        Vector512<float> z1 = m1 * m1;
        Vector512<float> exponent0 = Vector512.ConvertToSingle(power0);
        Vector512<float> exponent1 = Vector512.ConvertToSingle(power1);
        y0 = (y0 * m0 * z0) + (exponent0 * Vector512.Create(-2.12194440e-4f)) - (z0 * Vector512.Create(0.5f));
        y1 = (y1 * m1 * z1) + (exponent1 * Vector512.Create(-2.12194440e-4f)) - (z1 * Vector512.Create(0.5f));
        return (m0 + y0 + (exponent0 * Vector512.Create(0.693359375f)), m1 + y1 + (exponent1 * Vector512.Create(0.693359375f)));
    }

    /// <summary>Sine and cosine of 2 pi x for x in [0, 1): Cephes' sinf and cosf about the nearest quarter turn, error below 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Sine, Vector512<float> Cosine) SineCosineOfTurn(Vector512<float> x)
    {
        Vector512<int> quarter = Vector512.ConvertToInt32Native((x * Vector512.Create(4f)) + Vector512.Create(0.5f));
        Vector512<float> angle = (x - (Vector512.ConvertToSingle(quarter) * Vector512.Create(0.25f))) * Vector512.Create(6.28318531f);
        Vector512<float> square = angle * angle;
        Vector512<float> sine = Vector512.Create(-1.9515295891e-4f);
        sine = (sine * square) + Vector512.Create(8.3321608736e-3f);
        sine = (sine * square) + Vector512.Create(-1.6666654611e-1f);
        sine = (sine * square * angle) + angle;
        Vector512<float> cosine = Vector512.Create(2.443315711809948e-5f);
        cosine = (cosine * square) + Vector512.Create(-1.388731625493765e-3f);
        cosine = (cosine * square) + Vector512.Create(4.166664568298827e-2f);
        cosine = (cosine * square * square) - (square * Vector512.Create(0.5f)) + Vector512.Create(1f);

        // A quarter turn swaps them; quarters 1 and 2 turn the cosine's sign, 2 and 3 the sine's.
        Vector512<float> swap = Vector512.Equals(quarter & Vector512.Create(1), Vector512.Create(1)).AsSingle();
        Vector512<float> sineSign = ((quarter << 30) & Vector512.Create(int.MinValue)).AsSingle();
        Vector512<float> cosineSign = (((quarter + Vector512.Create(1)) << 30) & Vector512.Create(int.MinValue)).AsSingle();
        return (Vector512.ConditionalSelect(swap, cosine, sine) ^ sineSign, Vector512.ConditionalSelect(swap, sine, cosine) ^ cosineSign);
    }

    /// <summary>Uniforms in the open interval (0, 1) of random bits: (n + 1/2) 2^-23.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> UniformOf(Vector512<uint> bits) =>
        (Vector512.ConvertToSingle((bits >> 9).AsInt32()) + Vector512.Create(0.5f)) * Vector512.Create(Step);

    /// <summary>Products of two uniforms of 16 bits each, (m + 1/2) (n + 1/2) 2^-32: minus its logarithm is a sum of two exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> UniformProductOf(Vector512<uint> bits)
    {
        Vector512<float> high = Vector512.ConvertToSingle((bits >> 16).AsInt32()) + Vector512.Create(0.5f);
        Vector512<float> low = Vector512.ConvertToSingle((bits & Vector512.Create(0xFFFFu)).AsInt32()) + Vector512.Create(0.5f);
        return high * low * Vector512.Create(StepOfProduct);
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

    /// <summary>The next sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> NextSixteen()
    {
        Vector256<uint> first = Next();
        return Vector512.Create(first, Next());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Vector512<float> cosine, Vector512<float> sine, ref float to)
    {
        cosine.GetLower().StoreUnsafe(ref to);
        sine.GetLower().StoreUnsafe(ref to, 8);
        cosine.GetUpper().StoreUnsafe(ref to, 16);
        sine.GetUpper().StoreUnsafe(ref to, 24);
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
