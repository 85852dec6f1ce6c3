using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Graphs;

/// <summary>
/// Votes for the slopes of four hits, counted bit-sliced: a vector a binary digit of the counts, a lane a hit, a bit a slope. Up to 31
/// votes.
/// </summary>
internal struct SlopeVotes
{
    private Vector256<ulong> _ones;
    private Vector256<ulong> _twos;
    private Vector256<ulong> _fours;
    private Vector256<ulong> _eights;
    private Vector256<ulong> _sixteens;

    /// <summary>Adds one vote for each bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(Vector256<ulong> votes)
    {
        Vector256<ulong> carry = _ones & votes;
        _ones ^= votes;
        (_twos, carry) = (_twos ^ carry, _twos & carry);
        (_fours, carry) = (_fours ^ carry, _fours & carry);
        (_eights, carry) = (_eights ^ carry, _eights & carry);
        _sixteens ^= carry;
    }

    /// <summary>The slopes with the most votes, and that number; all slopes and 0 without any.</summary>
    internal readonly (Vector256<ulong> Slopes, Vector256<ulong> Votes) Best()
    {
        // From the highest binary digit down, those that hold it.
        Vector256<ulong> best = Vector256<ulong>.AllBitsSet;
        Vector256<ulong> votes = Vector256<ulong>.Zero;
        Narrow(_sixteens, 16, ref best, ref votes);
        Narrow(_eights, 8, ref best, ref votes);
        Narrow(_fours, 4, ref best, ref votes);
        Narrow(_twos, 2, ref best, ref votes);
        Narrow(_ones, 1, ref best, ref votes);
        return (best, votes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Narrow(Vector256<ulong> digit, ulong value, ref Vector256<ulong> best, ref Vector256<ulong> votes)
    {
        Vector256<ulong> holding = best & digit;
        Vector256<ulong> none = Vector256.Equals(holding, Vector256<ulong>.Zero);
        best = Vector256.ConditionalSelect(none, best, holding);
        votes += Vector256.AndNot(Vector256.Create(value), none);
    }
}
