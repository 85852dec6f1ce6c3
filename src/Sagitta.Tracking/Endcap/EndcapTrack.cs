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
}
