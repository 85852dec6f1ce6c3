using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

/// <summary>The slopes that hits of one plane allow hits of another, as cells about the road's slope: a bit each.</summary>
/// <param name="PerMillimetre">Cells by which a millimetre between the hits moves the slope; negative towards planes before.</param>
/// <param name="Reach">The tolerance in cells.</param>
internal readonly record struct SlopeCells(double PerMillimetre, double Reach)
{
    /// <summary>Number of cells.</summary>
    internal const int Count = 64;

    /// <summary>Largest distance between two hits of a slope among the cells, mm; a little more, for rounding.</summary>
    internal double Window { get; } = ((Count / 2.0) + Reach) / Math.Abs(PerMillimetre) * (1 + 1e-9);

    /// <summary>Bits of the cells that hits at these distances allow four hits; none for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector256<ulong> Allowed(Vector256<double> distance)
    {
        // Added to it, a number from 0 to 64 stands in the last bits.
        Vector256<double> magic = Vector256.Create(4503599627370496.0);
        Vector256<double> cell = (distance * PerMillimetre) + Vector256.Create(Count / 2.0);
        Vector256<double> lower = cell - Vector256.Create(Reach);
        Vector256<double> upper = cell + Vector256.Create(Reach);
        Vector256<double> allowed = Vector256.GreaterThanOrEqual(upper, Vector256<double>.Zero) & Vector256.LessThan(
            lower, Vector256.Create((double)Count));
        Vector256<double> low = Vector256.Floor(Vector256.MaxNative(lower, Vector256<double>.Zero));
        Vector256<double> high = Vector256.Floor(Vector256.MinNative(upper, Vector256.Create(Count - 1.0)));
        Vector256<ulong> unused = (Vector256.Create(Count - 1.0) - (high - low) + magic).AsUInt64() ^ magic.AsUInt64();
        Vector256<ulong> bits = ShiftLeft(ShiftRight(Vector256<ulong>.AllBitsSet, unused), (low + magic).AsUInt64() ^ magic.AsUInt64());
        return bits & allowed.AsUInt64();
    }

    private static Vector256<ulong> ShiftLeft(Vector256<ulong> bits, Vector256<ulong> places) => Avx2.IsSupported
        ? Avx2.ShiftLeftLogicalVariable(bits, places)
        : Vector256.Create(bits[0] << (int)places[0], bits[1] << (int)places[1], bits[2] << (int)places[2], bits[3] << (int)places[3]);

    private static Vector256<ulong> ShiftRight(Vector256<ulong> bits, Vector256<ulong> places) => Avx2.IsSupported
        ? Avx2.ShiftRightLogicalVariable(bits, places)
        : Vector256.Create(bits[0] >> (int)places[0], bits[1] >> (int)places[1], bits[2] >> (int)places[2], bits[3] >> (int)places[3]);
}
