namespace Sagitta.Tracking.Imaging;

/// <summary>Which tracks are taken for protons that lost energy by ionisation alone. The cuts are chosen on the Geant4 training files
/// (docs/calorimeter.md).</summary>
internal sealed record ProtonSelection
{
    // Scattering angles of protons fall about as this power of the range that is left.
    private const double AnglePower = 0.87;
    private const double LeastRange = 3;

    /// <summary>Largest tangent of the angle between a track's first segment and the beam's axis.</summary>
    public double LargestSlope { get; init; } = 0.1;

    /// <summary>Largest bend from layer to layer, in units of what scattering lets expect: rad times mm^0.87 of range left. It is large
    /// where a nucleus scattered the proton, which costs energy, or where a hit is not its own.</summary>
    public double LargestKink { get; init; } = 7;

    /// <summary>Largest chi-square of the range's fit for each hit. It is large where the deposits are not those of one stopping proton, as
    /// in a track that changes over to another's hits.</summary>
    public double LargestChi2 { get; init; } = 2;

    /// <summary>Whether a track with a range is taken.</summary>
    /// <param name="frame">The hits.</param>
    /// <param name="hits">The track's hits from the beam side inwards.</param>
    /// <param name="estimate">Its range.</param>
    /// <param name="depths">Depth of each layer, mm of water.</param>
    public bool Takes(CalorimeterFrame frame, ReadOnlySpan<int> hits, in RangeEstimate estimate, double[] depths) =>
        estimate.Status == SolveStatus.Converged && estimate.Chi2 <= LargestChi2 * hits.Length
            && TrackLine.Of(frame, hits) is { } line && line.Slope <= LargestSlope
            && Kink(frame, hits, estimate.Range, depths) <= LargestKink;

    private static double Kink(CalorimeterFrame frame, ReadOnlySpan<int> hits, double range, double[] depths)
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
