namespace Sagitta.Experiments.Results;

/// <summary>Metrics of r = (q/pT - truth)/truth in one bin of true pT.</summary>
public sealed record MomentumBinSummary
{
    /// <summary>Lower end, GeV.</summary>
    public required double PtLow { get; init; }

    /// <summary>Upper end, GeV.</summary>
    public required double PtHigh { get; init; }

    /// <summary>Events attempted.</summary>
    public int Attempted { get; init; }

    /// <summary>Half of the span between the 16 % and 84 % quantiles of r.</summary>
    public double CoreWidth { get; init; } = double.NaN;

    /// <summary>Median of r.</summary>
    public double Bias { get; init; } = double.NaN;

    /// <summary>The Cramer-Rao limit of r for the bin.</summary>
    public double Limit { get; init; } = double.NaN;
}
