namespace Sagitta.Tracking.Alignment;

/// <summary>Mean residuals of planes over the tracks of a reconstruction: planes that stand elsewhere than the detector file says have
/// clusters on one side of their tracks. The weak modes of an alignment show in none of them.</summary>
/// <param name="planes">Number of planes.</param>
/// <param name="resolution">Their resolution, mm.</param>
internal sealed class PlaneWatch(int planes, double resolution)
{
    private const int FewestHits = 100;

    // In units of the planes' resolution: what costs a few per cent of it, and what clusters of their own never reach.
    private const double SmallestShift = 0.4;
    private const double SmallestSignificance = 6;

    // In the same units: a cluster further away is of something else.
    private const double OnTrack = 20;
    private readonly long[] _hits = new long[planes];
    private readonly double[] _sum = new double[planes];
    private readonly double[] _squares = new double[planes];

    /// <summary>Adds tracks: for each the residual of every plane, mm; NaN for a plane without a cluster.</summary>
    public void Add(ReadOnlySpan<float> residuals)
    {
        for (int at = 0; at < residuals.Length; at++)
        {
            double residual = residuals[at];
            if (Math.Abs(residual) < OnTrack * resolution)
            {
                int plane = at % planes;
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
            && Math.Abs(Mean(plane)) > SmallestShift * resolution
            && Math.Abs(Mean(plane)) > SmallestSignificance * Math.Sqrt(_squares[plane]) / _hits[plane])];
        if (off.Length == 0)
        {
            return null;
        }

        int worst = off.MaxBy(plane => Math.Abs(Mean(plane)));
        return string.Create(CultureInfo.InvariantCulture,
            $"plane {worst} measures {Mean(worst):+0.000;-0.000;0.000} mm beside its tracks on average, ")
            + (off.Length == 1 ? "the others do not" : $"and so do {off.Length - 1} of the others")
            + ": the detector is misaligned, 'sagitta align' finds where its planes stand";
    }

    private double Mean(int plane) => _sum[plane] / Math.Max(1, _hits[plane]);
}
