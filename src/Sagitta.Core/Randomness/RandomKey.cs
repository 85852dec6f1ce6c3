using System.Numerics;

namespace Sagitta.Core.Randomness;

/// <summary>
/// The name of a sequence of random numbers. Keys are split by purpose and by number, never advanced, so what is drawn
/// depends on seed, event and purpose alone: not on order, batch size or thread count.
/// </summary>
/// <param name="State">The 64 bits that name the sequence.</param>
internal readonly record struct RandomKey(ulong State)
{
    /// <summary>The root key of a run.</summary>
    public static RandomKey FromSeed(ulong seed) => new(Mix(seed + 0x9E3779B97F4A7C15UL));

    /// <summary>The key of one item (an event, a frame, a step) below this one.</summary>
    public RandomKey Split(ulong number) => new(Mix(State ^ Mix(number + 0xD1B54A32D192ED03UL)));

    /// <summary>The key of one purpose ("strip-phase", "background") below this one.</summary>
    public RandomKey Split(string purpose)
    {
        // FNV-1a over UTF-16 units: stable across runs and machines, which string.GetHashCode is not.
        ulong hash = 0xCBF29CE484222325UL;
        foreach (char unit in purpose)
        {
            hash = (hash ^ unit) * 0x100000001B3UL;
        }

        return new(Mix(State ^ Mix(hash)));
    }

    /// <summary>The draws that this key names, from their beginning.</summary>
    public RandomDraws Draws() => new(State);

    // The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): a bijection with full avalanche.
    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    internal static ulong Rotate(ulong value, int bits) => BitOperations.RotateLeft(value, bits);
}

/// <summary>
/// Consecutive draws of one <see cref="RandomKey"/>: xoshiro256++ (Blackman, Vigna, ACM TOMS 47, 2021) seeded through
/// SplitMix64. A mutable value: pass it by reference, or each copy repeats the same draws.
/// </summary>
internal struct RandomDraws
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    internal RandomDraws(ulong state)
    {
        _s0 = RandomKey.Mix(state += 0x9E3779B97F4A7C15UL);
        _s1 = RandomKey.Mix(state += 0x9E3779B97F4A7C15UL);
        _s2 = RandomKey.Mix(state += 0x9E3779B97F4A7C15UL);
        _s3 = RandomKey.Mix(state + 0x9E3779B97F4A7C15UL);
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits()
    {
        ulong result = RandomKey.Rotate(_s0 + _s3, 23) + _s0;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = RandomKey.Rotate(_s3, 45);
        return result;
    }

    /// <summary>Uniform in the open interval (0, 1): neither end is ever returned, so its logarithm is finite.</summary>
    public double NextUniform() => ((NextBits() >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>Uniform in (low, high).</summary>
    public double NextUniform(double low, double high) => low + ((high - low) * NextUniform());

    /// <summary>Uniform among 0 .. count - 1 (Lemire's multiply-shift; the bias is below count / 2^64).</summary>
    public int NextIndex(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return (int)Math.BigMul(NextBits(), (ulong)count, out _);
    }

    /// <summary>Standard normal (Marsaglia's polar method; its second value is dropped to keep the state small).</summary>
    public double NextGaussian()
    {
        while (true)
        {
            double u = (2 * NextUniform()) - 1;
            double v = (2 * NextUniform()) - 1;
            double s = (u * u) + (v * v);
            if (s is < 1 and > 0)
            {
                return u * Math.Sqrt(-2 * Math.Log(s) / s);
            }
        }
    }

    /// <summary>Exponential with mean 1.</summary>
    public double NextExponential() => -Math.Log(NextUniform());

    /// <summary>Poisson with the given mean: by multiplication below 30, by halving (additivity) above.</summary>
    public int NextPoisson(double mean)
    {
        if (!(mean > 0))
        {
            return 0;
        }

        int count = 0;
        while (mean > 30)
        {
            count += NextPoisson(mean / 2);
            mean /= 2;
        }

        double limit = Math.Exp(-mean);
        double product = NextUniform();
        while (product > limit)
        {
            count++;
            product *= NextUniform();
        }

        return count;
    }
}
