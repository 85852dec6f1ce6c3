using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Square roots of angles from squared chords between unit vectors: angle = 2 asin(chord / 2). The chord keeps small angles exact
/// where the arc cosine of a scalar product loses half its digits.</summary>
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

/// <summary>
/// Angles between segments the way the published code takes them (PyTorch's cosine_similarity, then acos, in float): each segment's vector
/// over its length, the products summed from x to z, the arc cosine. Sums above 1 by rounding count as no angle. Where the angle is near
/// zero, steps of the cosine are steps of 3.5e-4 rad. For comparison with that code; <see cref="RootAngle"/> is exact.
/// </summary>
internal static class CosineAngles
{
    /// <summary>Square root of the angle of each link of a graph.</summary>
    public static void Fill(CalorimeterFrame frame, SegmentGraph graph, Span<float> roots)
    {
        float[] units = new float[3 * graph.Count];
        for (int e = 0; e < graph.Count; e++)
        {
            int a = graph.Deeper[e];
            int b = graph.Shallower[e];
            float x = frame.X[a] - frame.X[b];
            float y = frame.Y[a] - frame.Y[b];
            float z = frame.Z[a] - frame.Z[b];
            float length = MathF.Sqrt((x * x) + (y * y) + (z * z));
            units[3 * e] = x / length;
            units[(3 * e) + 1] = y / length;
            units[(3 * e) + 2] = z / length;
        }

        int link = 0;
        for (int e = 0; e < graph.Count; e++)
        {
            int b = graph.Shallower[e];
            for (int f = graph.Offsets[b]; f < graph.Offsets[b + 1]; f++)
            {
                float cosine = (units[3 * e] * units[3 * f]) + (units[(3 * e) + 1] * units[(3 * f) + 1]) + (
                    units[(3 * e) + 2] * units[(3 * f) + 2]);
                roots[link++] = cosine > 1 ? 0 : MathF.Sqrt(MathF.Acos(cosine));
            }
        }
    }
}
