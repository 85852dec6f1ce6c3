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

    /// <summary>Eight uniforms in the open interval (0, 1): (n + 1/2) 2^-23.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Uniform() =>
        (Vector256.ConvertToSingle((Next() >> 9).AsInt32()) + Vector256.Create(0.5f)) * Vector256.Create(Step);

    /// <summary>Eight products of two uniforms of 16 bits each, (m + 1/2) (n + 1/2) 2^-32: minus its logarithm is a sum of two exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> UniformProduct()
    {
        Vector256<uint> bits = Next();
        Vector256<float> high = Vector256.ConvertToSingle((bits >> 16).AsInt32()) + Vector256.Create(0.5f);
        Vector256<float> low = Vector256.ConvertToSingle((bits & Vector256.Create(0xFFFFu)).AsInt32()) + Vector256.Create(0.5f);
        return high * low * Vector256.Create(StepOfProduct);
    }

    /// <summary>Sixteen standard normals (Box and Muller, Ann. Math. Stat. 29 (1958) 610), up to 5.8 widths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<float> First, Vector256<float> Second) Gaussian()
    {
        Vector256<float> radius = Vector256.Sqrt(Vector256.Create(2f) * MinusLogarithm(Uniform()));
        (Vector256<float> sine, Vector256<float> cosine) = SineCosineOfTurn(Uniform());
        return (radius * cosine, radius * sine);
    }

    /// <summary>-ln x for x in (0, 1]: the polynomial of Cephes' logf, relative error below 3e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MinusLogarithm(Vector256<float> x)
    {
        Vector256<int> bits = x.AsInt32();
        Vector256<float> exponent = Vector256.ConvertToSingle((bits >> 23) - Vector256.Create(126));
        Vector256<float> mantissa = ((bits & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F000000)).AsSingle();

        // To [sqrt(1/2), sqrt(2)).
        Vector256<float> small = Vector256.LessThan(mantissa, Vector256.Create(0.707106781f));
        exponent -= Vector256.Create(1f) & small;
        Vector256<float> m = mantissa + (mantissa & small) - Vector256.Create(1f);
        Vector256<float> z = m * m;
        Vector256<float> y = Vector256.Create(7.0376836292e-2f);
        y = (y * m) + Vector256.Create(-1.1514610310e-1f);
        y = (y * m) + Vector256.Create(1.1676998740e-1f);
        y = (y * m) + Vector256.Create(-1.2420140846e-1f);
        y = (y * m) + Vector256.Create(1.4249322787e-1f);
        y = (y * m) + Vector256.Create(-1.6668057665e-1f);
        y = (y * m) + Vector256.Create(2.0000714765e-1f);
        y = (y * m) + Vector256.Create(-2.4999993993e-1f);
        y = (y * m) + Vector256.Create(3.3333331174e-1f);
        y = (y * m * z) + (exponent * Vector256.Create(-2.12194440e-4f)) - (z * Vector256.Create(0.5f));
        return -(m + y + (exponent * Vector256.Create(0.693359375f)));
    }

    /// <summary>Sine and cosine of 2 pi x for x in [0, 1): Cephes' sinf and cosf about the nearest quarter turn, error below 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Sine, Vector256<float> Cosine) SineCosineOfTurn(Vector256<float> x)
    {
        Vector256<float> quarter = Vector256.Floor((x * Vector256.Create(4f)) + Vector256.Create(0.5f));
        Vector256<float> angle = (x - (quarter * Vector256.Create(0.25f))) * Vector256.Create(6.28318531f);
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
        Vector256<int> n = Vector256.ConvertToInt32(quarter);
        Vector256<float> swap = Vector256.Equals(n & Vector256.Create(1), Vector256.Create(1)).AsSingle();
        Vector256<float> sineSign = ((n & Vector256.Create(2)) << 30).AsSingle();
        Vector256<float> cosineSign = (((n + Vector256.Create(1)) & Vector256.Create(2)) << 30).AsSingle();
        return (Vector256.ConditionalSelect(swap, cosine, sine) ^ sineSign, Vector256.ConditionalSelect(swap, sine, cosine) ^ cosineSign);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<uint> Next()
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
    private static Vector256<ulong> Rotate(Vector256<ulong> value, int bits) => (value << bits) | (value >>> (64 - bits));

    private static Vector256<ulong> Seed(ref ulong state)
    {
        const ulong Golden = 0x9E3779B97F4A7C15UL;
        return Vector256.Create(
            RandomKey.Mix(state += Golden), RandomKey.Mix(state += Golden), RandomKey.Mix(state += Golden), RandomKey.Mix(state += Golden));
    }
}
