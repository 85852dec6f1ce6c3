using Sagitta.Reconstruction.Fitting;

namespace Sagitta.Reconstruction.ResidualRange;

/// <summary>The loss of ranges.</summary>
public sealed record RangeLossOptions
{
    /// <summary>The curve that ranges are fitted with.</summary>
    public BraggCurve Curve { get; init; } = new();

    /// <summary>What one unit of error is, mm of water; the default is about the straggling of a proton's range.</summary>
    public double Unit { get; init; } = 4;

    /// <summary>Loss of an error in these units.</summary>
    public RobustFunction Function { get; init; } = new RobustFunction.Cauchy();

    /// <summary>Fewest weighted hits of a fit.</summary>
    public int FewestHits { get; init; } = 3;
}
