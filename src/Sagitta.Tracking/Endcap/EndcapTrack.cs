namespace Sagitta.Tracking.Endcap;

/// <summary>A track of an event at the reference plane, the first of the detector.</summary>
/// <param name="Event">The event's number.</param>
/// <param name="Number">Its number within the event, from 0; -1 for an event without tracks.</param>
/// <param name="Fit">Parameters, covariance and how the fit ended.</param>
/// <param name="Hits">For each plane the hits of its cluster among all hits, empty without one.</param>
internal sealed record EndcapTrack(long Event, int Number, EndcapTrackFit Fit, (int First, int End)[] Hits)
{
    /// <summary>For each plane its cluster less where the track passes, scattering included, mm; NaN without a cluster; empty for an event
    /// without tracks.</summary>
    public float[] Residuals { get; init; } = [];

    public int Charge => double.IsNaN(Fit.Track.QOverP) ? 0 : Math.Sign(Fit.Track.QOverP);

    /// <summary>Momentum, GeV; NaN without a track.</summary>
    public double P => 1 / Math.Abs(Fit.Track.QOverP);

    /// <summary>Planes whose cluster is a muon's.</summary>
    public int PlanesOf(EndcapEvents events, int muon) => Hits.Count(cluster => cluster.End > cluster.First
        && IsOf(events, cluster.First, cluster.End, muon));

    /// <summary>Whether at least half of a range of hits are a muon's.</summary>
    public static bool IsOf(EndcapEvents events, int first, int end, int muon)
    {
        int own = 0;
        for (int hit = first; hit < end; hit++)
        {
            own += events.Label[hit] == muon ? 1 : 0;
        }

        return 2 * own >= end - first;
    }
}

/// <summary>A fitted track.</summary>
/// <param name="Status">Whether it has a track.</param>
/// <param name="Track">The track at the reference plane.</param>
/// <param name="Covariance">Upper triangle of the covariance of x, y, tx, ty, q/p; empty where it was not asked for.</param>
/// <param name="ChiSquare">Chi-square at the minimum.</param>
/// <param name="Planes">Planes that are present.</param>
internal readonly record struct EndcapTrackFit(SolveStatus Status, TrackState Track, double[] Covariance, double ChiSquare, int Planes)
{
    public bool IsConverged => Status == SolveStatus.Converged;

    public double QOverPError => Error(TrackState.Count - 1);

    /// <summary>The error of a component of the state; NaN without a covariance.</summary>
    public double Error(int k) => Covariance.Length > 0
        ? Math.Sqrt(Covariance[(k * TrackState.Count) - (k * (k - 1) / 2)]) : double.NaN;

    public int DegreesOfFreedom => Planes - TrackState.Count;

    public static EndcapTrackFit Failed(SolveStatus status, int planes) =>
        new(status, new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN), [], double.NaN, planes);

    /// <summary>What a fit with full covariance, 5 x 5, came to.</summary>
    public static EndcapTrackFit Of(in EndcapFitResult fit, ReadOnlySpan<double> covariance)
    {
        if (fit.Status != SolveStatus.Converged)
        {
            return Failed(fit.Status, fit.Planes);
        }

        double[] triangle = new double[TrackState.Count * (TrackState.Count + 1) / 2];
        for (int i = 0, k = 0; i < TrackState.Count; i++)
        {
            for (int j = i; j < TrackState.Count; j++)
            {
                triangle[k++] = covariance[(i * TrackState.Count) + j];
            }
        }

        return new(fit.Status, fit.State, triangle, fit.ChiSquare, fit.Planes);
    }
}
