namespace Sagitta.Tracking.Imaging;

/// <summary>The way of one proton: where it came from, and how much it was bent.</summary>
internal static class ProtonPath
{
    // Scattering angles of protons fall about as this power of the range that is left.
    private const double AnglePower = 0.87;
    private const double LeastRange = 3;

    /// <summary>x and y where the line through a track's first two hits crosses a plane of constant z; null for tracks that do not begin in
    /// the first layer and the second.</summary>
    public static (double X, double Y)? At(CalorimeterFrame frame, ReadOnlySpan<int> hits, double z)
    {
        if (hits.Length < 2 || frame.Layer[hits[0]] != 0 || frame.Layer[hits[1]] != 1)
        {
            return null;
        }

        (int a, int b) = (hits[0], hits[1]);
        double steps = (z - frame.Z[a]) / (frame.Z[b] - frame.Z[a]);
        return (frame.X[a] + (steps * (frame.X[b] - frame.X[a])), frame.Y[a] + (steps * (frame.Y[b] - frame.Y[a])));
    }

    /// <summary>Tangent of the angle between a track's first segment and the beam's axis.</summary>
    public static double Angle(CalorimeterFrame frame, ReadOnlySpan<int> hits)
    {
        (int a, int b) = (hits[0], hits[1]);
        double along = frame.Z[b] - frame.Z[a];
        return Math.Sqrt(Math.Pow((frame.X[b] - frame.X[a]) / along, 2) + Math.Pow((frame.Y[b] - frame.Y[a]) / along, 2));
    }

    /// <summary>The largest bend from layer to layer, in units of what scattering lets expect: rad times mm^0.87 of range left. It is
    /// large where a nucleus scattered the proton, which costs energy, or where a hit is not its own.</summary>
    public static double LargestKink(CalorimeterFrame frame, ReadOnlySpan<int> hits, double range, double[] depths)
    {
        double largest = 0;
        for (int i = 1; i + 1 < hits.Length; i++)
        {
            (int a, int b, int c) = (hits[i - 1], hits[i], hits[i + 1]);
            double x = Slope(frame.X, b, c) - Slope(frame.X, a, b);
            double y = Slope(frame.Y, b, c) - Slope(frame.Y, a, b);
            double left = Math.Max(range - depths[frame.Layer[b]], LeastRange);
            largest = Math.Max(largest, Math.Sqrt((x * x) + (y * y)) * Math.Pow(left, AnglePower));
        }

        return largest;
        double Slope(float[] place, int from, int to) => (place[to] - place[from]) / (frame.Z[to] - frame.Z[from]);
    }
}
