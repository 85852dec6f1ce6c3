using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>
/// Square roots of angles from squared chords between unit vectors: angle = 2 asin(chord / 2). The chord keeps small angles exact
/// where the arc cosine of a scalar product loses half its digits.
/// </summary>
internal static class RootAngle
{
    // Beyond this squared chord (about 0.82 rad) the series is left for the library's arc sine.
    private const float SeriesLimit = 0.64f;

    /// <summary>Replaces each squared chord by the square root of its angle.</summary>
    public static void FromSquaredChords(Span<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i + Vector512<float>.Count <= values.Length; i += Vector512<float>.Count)
        {
            Vector512<float> square = Vector512.LoadUnsafe(ref first, (nuint)i);
            if (Vector512.GreaterThanAny(square, Vector512.Create(SeriesLimit)))
            {
                for (int k = i; k < i + Vector512<float>.Count; k++)
                {
                    values[k] = FromSquaredChord(values[k]);
                }

                continue;
            }

            // 2 asin(c / 2) = c (1 + c^2/24 + 3 c^4/640 + 5 c^6/7168 + 35 c^8/294912 + 63 c^10/2883584 + ...).
            Vector512<float> series = Vector512.Create(63f / 2883584);
            series = Vector512.FusedMultiplyAdd(series, square, Vector512.Create(35f / 294912));
            series = Vector512.FusedMultiplyAdd(series, square, Vector512.Create(5f / 7168));
            series = Vector512.FusedMultiplyAdd(series, square, Vector512.Create(3f / 640));
            series = Vector512.FusedMultiplyAdd(series, square, Vector512.Create(1f / 24));
            series = Vector512.FusedMultiplyAdd(series, square, Vector512<float>.One);
            Vector512.Sqrt(Vector512.Sqrt(square) * series).StoreUnsafe(ref first, (nuint)i);
        }

        for (; i < values.Length; i++)
        {
            values[i] = FromSquaredChord(values[i]);
        }
    }

    /// <summary>The same for one value.</summary>
    public static float FromSquaredChord(float square) => (float)Math.Sqrt(2 * Math.Asin(Math.Min(Math.Sqrt(square) / 2, 1)));
}
