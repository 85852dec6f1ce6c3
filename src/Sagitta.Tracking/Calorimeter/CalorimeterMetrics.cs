namespace Sagitta.Tracking.Calorimeter;

/// <summary>Averages over frames, each frame counting once as in the published evaluation; NaN without frames.</summary>
internal sealed record CalorimeterMetrics
{
    /// <summary>Averages of these frames.</summary>
    public CalorimeterMetrics(IReadOnlyList<FrameResult> frames)
    {
        Frames = frames.Count;
        Purity = Mean(frames, f => f.Score.Purity);
        Efficiency = Mean(frames, f => f.Score.Efficiency);
        EfficiencyPossible = Mean(frames, f => f.Possible.Efficiency);
        EfficiencyReference = Mean(frames, f => f.Score.EfficiencyReference);
        EfficiencyReferencePossible = Mean(frames, f => f.Possible.EfficiencyReference);
        TruePositiveRate = (double)frames.Sum(f => (long)f.ChosenTrue) / frames.Sum(f => (long)f.TrueSegments);
        FalsePositiveRate = (double)frames.Sum(f => (long)f.ChosenFalse) / frames.Sum(f => (long)f.FalseSegments);
        RangeError = frames.Sum(f => f.Ranges.AbsoluteError) / frames.Sum(f => (long)f.Ranges.Tracks);
        PurityError = Error(frames, f => f.Score.Purity);
        EfficiencyError = Error(frames, f => f.Score.Efficiency);
    }

    /// <summary>Number of frames.</summary>
    public int Frames { get; }

    /// <summary>Mean purity.</summary>
    public double Purity { get; }

    /// <summary>Mean efficiency: at most one correct track for each findable primary.</summary>
    public double Efficiency { get; }

    /// <summary>Mean efficiency of a perfect tracker: all right segments that the gates keep, the same selection of tracks.</summary>
    public double EfficiencyPossible { get; }

    /// <summary>Mean efficiency as the published code counts it.</summary>
    public double EfficiencyReference { get; }

    /// <summary>The same for a perfect tracker.</summary>
    public double EfficiencyReferencePossible { get; }

    /// <summary>Share of true segments that were chosen, over all frames together.</summary>
    public double TruePositiveRate { get; }

    /// <summary>Share of false segments that were chosen, over all frames together.</summary>
    public double FalsePositiveRate { get; }

    /// <summary>Mean absolute error of ranges by wrong hits, mm of water, over the tracks of all frames together; no error counts as more
    /// than 50 mm.</summary>
    public double RangeError { get; }

    /// <summary>Standard error of the mean purity from the spread of frames.</summary>
    public double PurityError { get; }

    /// <summary>Standard error of the mean efficiency from the spread of frames.</summary>
    public double EfficiencyError { get; }

    private static double Mean(IReadOnlyList<FrameResult> frames, Func<FrameResult, double> value) => frames.Count == 0 ? double.NaN
        : frames.Average(value);

    private static double Error(IReadOnlyList<FrameResult> frames, Func<FrameResult, double> value)
    {
        if (frames.Count < 2)
        {
            return double.NaN;
        }

        double mean = frames.Average(value);
        return Math.Sqrt(frames.Sum(f => (value(f) - mean) * (value(f) - mean)) / (frames.Count - 1.0) / frames.Count);
    }
}

/// <summary>What reconstruction made of one frame.</summary>
/// <param name="Score">Tracks against the truth.</param>
/// <param name="TrueSegments">Segments within one event.</param>
/// <param name="FalseSegments">All other segments.</param>
/// <param name="ChosenTrue">Chosen ones among the true.</param>
/// <param name="ChosenFalse">Chosen ones among the false.</param>
/// <param name="Ranges">Ranges of tracks against the truth.</param>
/// <param name="Possible">Tracks of a perfect tracker with the same gates and selection.</param>
internal sealed record FrameResult(TrackScore Score, int TrueSegments, int FalseSegments, int ChosenTrue, int ChosenFalse,
    RangeScore Ranges, TrackScore Possible);
