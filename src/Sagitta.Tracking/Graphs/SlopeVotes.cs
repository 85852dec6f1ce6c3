using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Tracking.Graphs;

/// <summary>
/// Votes for the slopes of eight hits, counted bit-sliced: a vector a binary digit of the counts, a lane a hit, a bit a slope. Up to 31
/// votes.
/// </summary>
internal struct SlopeVotes
{
    private Vector512<ulong> _ones;
    private Vector512<ulong> _twos;
    private Vector512<ulong> _fours;
    private Vector512<ulong> _eights;
    private Vector512<ulong> _sixteens;

    /// <summary>Adds one vote for each bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(Vector512<ulong> votes)
    {
        Vector512<ulong> carry = _ones & votes;
        _ones ^= votes;
        (_twos, carry) = (_twos ^ carry, _twos & carry);
        (_fours, carry) = (_fours ^ carry, _fours & carry);
        (_eights, carry) = (_eights ^ carry, _eights & carry);
        _sixteens ^= carry;
    }

    /// <summary>The slopes with the most votes, and that number; all slopes and 0 without any.</summary>
    internal readonly (Vector512<ulong> Slopes, Vector512<ulong> Votes) Best()
    {
        // From the highest binary digit down, those that hold it.
        Vector512<ulong> best = Vector512<ulong>.AllBitsSet;
        Vector512<ulong> votes = Vector512<ulong>.Zero;
        Narrow(_sixteens, 16, ref best, ref votes);
        Narrow(_eights, 8, ref best, ref votes);
        Narrow(_fours, 4, ref best, ref votes);
        Narrow(_twos, 2, ref best, ref votes);
        Narrow(_ones, 1, ref best, ref votes);
        return (best, votes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Narrow(Vector512<ulong> digit, ulong value, ref Vector512<ulong> best, ref Vector512<ulong> votes)
    {
        Vector512<ulong> holding = best & digit;
        Vector512<ulong> none = Vector512.Equals(holding, Vector512<ulong>.Zero);
        best = Vector512.ConditionalSelect(none, best, holding);
        votes += Vector512.AndNot(Vector512.Create(value), none);
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

    /// <summary>Bits of the cells that hits at these distances allow eight hits; none for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<ulong> Allowed(Vector512<double> distance)
    {
        // Added to it, a number from 0 to 64 stands in the last bits.
        Vector512<double> magic = Vector512.Create(4503599627370496.0);
        Vector512<double> cell = (distance * PerMillimetre) + Vector512.Create(Count / 2.0);
        Vector512<double> lower = cell - Vector512.Create(Reach);
        Vector512<double> upper = cell + Vector512.Create(Reach);
        Vector512<double> allowed = Vector512.GreaterThanOrEqual(upper, Vector512<double>.Zero) & Vector512.LessThan(
            lower, Vector512.Create((double)Count));
        Vector512<double> low = Vector512.Floor(Vector512.MaxNative(lower, Vector512<double>.Zero));
        Vector512<double> high = Vector512.Floor(Vector512.MinNative(upper, Vector512.Create(Count - 1.0)));
        Vector512<ulong> unused = (Vector512.Create(Count - 1.0) - (high - low) + magic).AsUInt64() ^ magic.AsUInt64();
        Vector512<ulong> bits = ShiftLeft(ShiftRight(Vector512<ulong>.AllBitsSet, unused), (low + magic).AsUInt64() ^ magic.AsUInt64());
        return bits & allowed.AsUInt64();
    }

    private static Vector512<ulong> ShiftLeft(Vector512<ulong> bits, Vector512<ulong> places) => Avx512F.IsSupported
        ? Avx512F.ShiftLeftLogicalVariable(bits, places)
        : Vector512.Create(ShiftLeft(bits.GetLower(), places.GetLower()), ShiftLeft(bits.GetUpper(), places.GetUpper()));

    private static Vector512<ulong> ShiftRight(Vector512<ulong> bits, Vector512<ulong> places) => Avx512F.IsSupported
        ? Avx512F.ShiftRightLogicalVariable(bits, places)
        : Vector512.Create(ShiftRight(bits.GetLower(), places.GetLower()), ShiftRight(bits.GetUpper(), places.GetUpper()));

    private static Vector256<ulong> ShiftLeft(Vector256<ulong> bits, Vector256<ulong> places) => Avx2.IsSupported
        ? Avx2.ShiftLeftLogicalVariable(bits, places)
        : Vector256.Create(bits[0] << (int)places[0], bits[1] << (int)places[1], bits[2] << (int)places[2], bits[3] << (int)places[3]);

    private static Vector256<ulong> ShiftRight(Vector256<ulong> bits, Vector256<ulong> places) => Avx2.IsSupported
        ? Avx2.ShiftRightLogicalVariable(bits, places)
        : Vector256.Create(bits[0] >> (int)places[0], bits[1] >> (int)places[1], bits[2] >> (int)places[2], bits[3] >> (int)places[3]);
}
