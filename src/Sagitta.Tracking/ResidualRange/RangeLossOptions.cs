namespace Sagitta.Tracking.ResidualRange;

/// <summary>The loss of ranges.</summary>
internal sealed record RangeLossOptions
{
    /// <summary>The curve that ranges are fitted with.</summary>
    public BraggCurve Curve { get; init; } = new();

    /// <summary>What one unit of error is, mm of water; the default is about the straggling of a proton's range.</summary>
    public double Unit { get; init; } = 4;

    /// <summary>Loss of an error in these units.</summary>
    public RobustFunction Function { get; init; } = new RobustFunction.Cauchy();

    /// <summary>
    /// Largest norm, over segments, of the gradient of one track's loss; a longer one is shortened to it. Where a wrong hit leaves the fit
    /// nearly without curvature the gradient has no bound, and behind an assignment with a scaled lambda one such track would decide alone
    /// which costs move.
    /// </summary>
    public double LargestGradient { get; init; } = double.PositiveInfinity;

    /// <summary>Fewest weighted hits of a fit.</summary>
    public int FewestHits { get; init; } = 3;
}
