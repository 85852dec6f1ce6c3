namespace Sagitta.Tracking.Endcap;

/// <summary>A track of an event at the reference plane, the first of the detector.</summary>
/// <param name="Event">The event's number.</param>
/// <param name="Number">Its number within the event, from 0; -1 for an event without tracks.</param>
/// <param name="Fit">Parameters, covariance and how the fit ended.</param>
/// <param name="Hits">For each plane the hits of its cluster among all hits, empty without one.</param>
internal sealed record EndcapTrack(long Event, int Number, EndcapFitResult Fit, (int First, int End)[] Hits)
{
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
