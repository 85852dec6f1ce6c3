namespace Sagitta.Tracking.Alignment;

/// <summary>Mean residuals of planes over the tracks of a reconstruction: planes that stand elsewhere than the detector file says have
/// clusters on one side of their tracks. The weak modes of an alignment show in none of them.</summary>
internal sealed class PlaneWatch(Detector detector)
{
    private const int FewestHits = 100;

    // In units of the planes' resolution: what costs a few per cent of it, and what clusters of their own never reach.
    private const double SmallestShift = 0.4;
    private const double SmallestSignificance = 6;

    // In the same units: a cluster further away is of something else.
    private const double OnTrack = 20;
    private readonly double _resolution = detector.NominalResolution;
    private readonly long[] _hits = new long[detector.Planes.Count];
    private readonly double[] _sum = new double[detector.Planes.Count];
    private readonly double[] _squares = new double[detector.Planes.Count];

    /// <summary>Adds the tracks of a batch.</summary>
    public void Add(TrackTable tracks)
    {
        for (int at = 0; at < tracks.Residuals.Length; at++)
        {
            double residual = tracks.Residuals[at];
            if (Math.Abs(residual) < OnTrack * _resolution)
            {
                int plane = at % tracks.PlaneCount;
                _hits[plane]++;
                _sum[plane] += residual;
                _squares[plane] += residual * residual;
            }
        }
    }

    /// <summary>A sentence that names the plane that stands out most; null if none does.</summary>
    public string? Warning()
    {
        int[] off = [.. Enumerable.Range(0, _hits.Length).Where(plane => _hits[plane] >= FewestHits
            && Math.Abs(Mean(plane)) > SmallestShift * _resolution
            && Math.Abs(Mean(plane)) > SmallestSignificance * Math.Sqrt(_squares[plane]) / _hits[plane])];
        if (off.Length == 0)
        {
            return null;
        }

        int worst = off.MaxBy(plane => Math.Abs(Mean(plane)));
        return string.Create(CultureInfo.InvariantCulture,
            $"plane {worst} measures {Mean(worst):+0.000;-0.000;0.000} mm beside its tracks on average, and {off.Length - 1} other planes "
                + $"stand out")
            + ": the detector is misaligned, 'sagitta align' finds where its planes stand";
    }

    private double Mean(int plane) => _sum[plane] / Math.Max(1, _hits[plane]);
}
