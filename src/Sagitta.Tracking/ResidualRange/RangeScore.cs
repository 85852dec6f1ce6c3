namespace Sagitta.Tracking.ResidualRange;

/// <summary>
/// How wrong the ranges of a frame's tracks are by wrong hits: each track that begins with a beam particle's hit in the first layer,
/// against the fit to all hits of that particle. A right and complete track has no error. Sums, so that frames can be added up.
/// </summary>
/// <param name="Tracks">Number of such tracks.</param>
/// <param name="AbsoluteError">Sum of absolute errors, mm of water, each at most <see cref="LargestError"/>, which a failed fit counts
/// too.</param>
internal readonly record struct RangeScore(int Tracks, double AbsoluteError)
{
    /// <summary>No error counts as more, mm of water.</summary>
    public const double LargestError = 50;

    /// <summary>Compares the ranges of tracks with the truth.</summary>
    public static RangeScore Of(CalorimeterFrame frame, IReadOnlyList<SegmentTrack> tracks, TrackRanges ranges)
    {
        Dictionary<int, double> truth = RangeLossProblem.TrueRanges(frame, ranges);
        RangeEstimate[] fitted = ranges.Fit(frame, tracks);
        int count = 0;
        double sum = 0;
        for (int t = 0; t < tracks.Count; t++)
        {
            int first = tracks[t].Hits[0];
            if (frame.Layer[first] == 0 && frame.TruthPrimary[first] && truth.TryGetValue(frame.TruthEvent[first], out double range))
            {
                count++;
                sum += fitted[t].Status == SolveStatus.Converged ? Math.Min(Math.Abs(fitted[t].Range - range), LargestError) : LargestError;
            }
        }

        return new(count, sum);
    }
}
