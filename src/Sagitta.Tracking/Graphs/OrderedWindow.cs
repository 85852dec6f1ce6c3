using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Graphs;

/// <summary>
/// The window of rising numbers between two limits, found by counting with vectors and without a branch: where windows begin and end is
/// unforeseeable, so that a search number by number would cost mispredictions at each end.
/// </summary>
internal static unsafe class OrderedWindow
{
    /// <summary>Infinities that must follow the last number.</summary>
    internal const int Padding = 8;

    /// <summary>
    /// The first of the numbers from <paramref name="first"/> on that is not below <paramref name="lowest"/>, and the first one after it
    /// that is above <paramref name="highest"/>, which is not less. Where NaN breaks the order the window is some window among the numbers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (int First, int End) Find(double* values, int first, double lowest, double highest)
    {
        // The padding ends every search.
        highest = highest > double.MaxValue ? double.MaxValue : highest;
        int lower = first;
        int upper = first;
        uint within;
        if (Vector512.IsHardwareAccelerated)
        {
            do
            {
                Vector512<double> value = Vector512.Load(values + first);
                within = (uint)Vector512.LessThanOrEqual(value, Vector512.Create(highest)).ExtractMostSignificantBits();
                lower += BitOperations.PopCount((uint)Vector512.LessThan(value, Vector512.Create(lowest)).ExtractMostSignificantBits());
                upper += BitOperations.PopCount(within);
                first += Vector512<double>.Count;
            }
            while (within == 0xFF);
        }
        else
        {
            do
            {
                Vector256<double> value = Vector256.Load(values + first);
                within = Vector256.LessThanOrEqual(value, Vector256.Create(highest)).ExtractMostSignificantBits();
                lower += BitOperations.PopCount(Vector256.LessThan(value, Vector256.Create(lowest)).ExtractMostSignificantBits());
                upper += BitOperations.PopCount(within);
                first += Vector256<double>.Count;
            }
            while (within == 0xF);
        }

        return (lower, upper);
    }
}
