namespace Sagitta.Tracking.LineGraphs;

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
