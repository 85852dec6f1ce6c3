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
