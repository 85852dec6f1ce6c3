namespace Sagitta.Reconstruction.LineGraphs;

/// <summary>Shape of a <see cref="SegmentNetwork"/>; the defaults are the published ones (4,961 trained numbers).</summary>
public sealed record SegmentNetworkOptions
{
    /// <summary>Width of hidden layers and messages.</summary>
    public int Hidden { get; init; } = 16;

    /// <summary>How messages are joined.</summary>
    public SegmentAggregation Aggregation { get; init; } = SegmentAggregation.Max;

    /// <summary>
    /// Share by which one frame moves the running averages of the normalisations. The published 0.1 remembers about ten frames; a step of 32
    /// frames then leaves the averages of its last ten.
    /// </summary>
    public double Momentum { get; init; } = 0.1;
}
