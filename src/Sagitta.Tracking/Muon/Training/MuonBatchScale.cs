namespace Sagitta.Tracking.Muon.Training;

/// <summary>What turns sums over a chunk into means over its batch; known from labels before any chunk runs, so chunks stay
/// independent.</summary>
/// <param name="PerTrueHit">Weight of a hit of the muon in the cross-entropy.</param>
/// <param name="PerOtherHit">Weight of any other hit.</param>
/// <param name="PerEvent">One over the events of the batch.</param>
/// <param name="FitFactor">What the fit terms are multiplied by at this step.</param>
internal readonly record struct MuonBatchScale(float PerTrueHit, float PerOtherHit, double PerEvent, double FitFactor)
{
    /// <summary>Class-balanced: true hits together weigh as much as all others together.</summary>
    public static MuonBatchScale Of(EventSet events, ReadOnlySpan<int> selection, double classification, double fitFactor)
    {
        int trueHits = 0;
        int hits = 0;
        foreach (int e in selection)
        {
            ReadOnlySpan<byte> labels = events.LabelHit.AsSpan(events.HitOffsets[e]..events.HitOffsets[e + 1]);
            hits += labels.Length;
            foreach (byte label in labels)
            {
                trueHits += label;
            }
        }

        return new(
            (float)(0.5 * classification / Math.Max(trueHits, 1)),
            (float)(0.5 * classification / Math.Max(hits - trueHits, 1)),
            1.0 / Math.Max(selection.Length, 1),
            fitFactor);
    }
}
