namespace Sagitta.Tests.Tracking.Fitting;

/// <summary>Random tracks through a geometry with smeared centroids.</summary>
internal sealed class TrackSample
{
    public TrackSample(CircleGeometry geometry, int events, ulong seed, double lowPt = 3, double highPt = 200, double noise = 1,
        double missing = 0.1)
    {
        int planes = geometry.PlaneCount;
        Events = events;
        Truth = new double[events * 3];
        Centroid = new double[events * planes];
        Sigma = new double[events * planes];
        Presence = new double[events * planes];
        for (int e = 0; e < events; e++)
        {
            RandomDraws draws = RandomKey.FromSeed(seed).Split((ulong)e).Draws();
            double pt = lowPt * Math.Pow(highPt / lowPt, draws.NextUniform());
            Truth[3 * e] = draws.NextUniform(-100, 100);
            Truth[(3 * e) + 1] = draws.NextUniform(-0.05, 0.05);
            Truth[(3 * e) + 2] = (draws.NextUniform() < 0.5 ? -1 : 1) / pt;
            for (int i = 0; i < planes; i++)
            {
                int k = (e * planes) + i;
                Sigma[k] = draws.NextUniform(0.05, 0.3);
                Presence[k] = draws.NextUniform() < missing ? 0 : draws.NextUniform(0.5, 1);
                Centroid[k] = Truth[3 * e] + CircleTrack.Displacement(
                    geometry.Z[i], Truth[(3 * e) + 1], Truth[(3 * e) + 2] * geometry.CurvaturePerQOverPt)
                    + (noise * Sigma[k] * draws.NextGaussian());
            }
        }
    }

    /// <summary>Its tracks as they are seen in some planes alone.</summary>
    public TrackSample Keep(params ReadOnlySpan<int> planes)
    {
        int count = Presence.Length / Events;
        for (int k = 0; k < Presence.Length; k++)
        {
            Presence[k] = planes.Contains(k % count) ? Presence[k] : 0;
        }

        return this;
    }

    public int Events { get; }

    public double[] Truth { get; }

    public double[] Centroid { get; }

    public double[] Sigma { get; }

    public double[] Presence { get; }
}
