namespace Sagitta.Experiments.Results;

/// <summary>
/// Metrics of one method on one sample. Widths, tails and bias are of r/limit(pT) with r = (q/pT - truth)/truth. NaN marks what a method
/// does not have, such as the AUC of a method without scores; it is written as null.
/// </summary>
public sealed record MuonMethodSummary
{
    /// <summary>The name that it is written under.</summary>
    public required string Name { get; init; }

    /// <summary>How scores become weights: "soft", "hard" or "calibrated"; null where there is no score.</summary>
    public string? Reading { get; init; }

    /// <summary>Area under the curve of true against false positive rate of hits.</summary>
    public double Auc { get; init; } = double.NaN;

    /// <summary>Average precision of hits.</summary>
    public double AveragePrecision { get; init; } = double.NaN;

    /// <summary>Fraction of attempted events that converged within five limits.</summary>
    public double Efficiency { get; init; } = double.NaN;

    /// <summary>Fraction of true hits that were selected.</summary>
    public double HitEfficiency { get; init; } = double.NaN;

    /// <summary>Fraction of selected hits that are true.</summary>
    public double HitPurity { get; init; } = double.NaN;

    /// <summary>Events attempted.</summary>
    public int Attempted { get; init; }

    /// <summary>Events whose fit failed.</summary>
    public int FailedFits { get; init; }

    /// <summary>Half of the span between the 16 % and 84 % quantiles.</summary>
    public double CoreWidth { get; init; } = double.NaN;

    /// <summary>Root mean square of the central 95 %.</summary>
    public double Rms95 { get; init; } = double.NaN;

    /// <summary>Fraction beyond three limits.</summary>
    public double Tail3 { get; init; } = double.NaN;

    /// <summary>Fraction beyond five limits.</summary>
    public double Tail5 { get; init; } = double.NaN;

    /// <summary>Median.</summary>
    public double Bias { get; init; } = double.NaN;

    /// <summary>Core width of (q/pT - truth) over its fitted error.</summary>
    public double PullWidth { get; init; } = double.NaN;

    /// <summary>Fraction of converged fits with the wrong charge.</summary>
    public double ChargeMisidentification { get; init; } = double.NaN;

    /// <summary>Metrics in bins of pT.</summary>
    public IReadOnlyList<MomentumBinSummary> Binned { get; init; } = [];
}
