namespace Sagitta.Experiments.Results;

/// <summary>Metrics of one trained model on one sample of frames, as fractions; NaN is written as null.</summary>
public sealed record CalorimeterMethodSummary
{
    /// <summary>The name that it is written under.</summary>
    public required string Name { get; init; }

    /// <summary>Interpolation factor of the assignment's gradient; NaN where training does not use it.</summary>
    public double Lambda { get; init; } = double.NaN;

    /// <summary>Seed of the training.</summary>
    public ulong Seed { get; init; }

    /// <summary>Of tracks of primary hits alone, the fraction from one primary throughout.</summary>
    public double Purity { get; init; } = double.NaN;

    /// <summary>Fraction of primaries with at least five hits that have a correct track.</summary>
    public double Efficiency { get; init; } = double.NaN;

    /// <summary>The efficiency as the published code defines it.</summary>
    public double EfficiencyReference { get; init; } = double.NaN;

    /// <summary>Fraction of true segments that were assigned.</summary>
    public double TruePositiveRate { get; init; } = double.NaN;

    /// <summary>Fraction of false segments that were assigned.</summary>
    public double FalsePositiveRate { get; init; } = double.NaN;
}
