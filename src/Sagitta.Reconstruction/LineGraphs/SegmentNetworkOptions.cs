namespace Sagitta.Reconstruction.LineGraphs;

/// <summary>Shape of a <see cref="SegmentNetwork"/>; the defaults are the published ones (4,961 trained numbers).</summary>
public sealed record SegmentNetworkOptions
{
    /// <summary>Width of hidden layers and messages.</summary>
    public int Hidden { get; init; } = 16;

    /// <summary>How messages are joined.</summary>
    public SegmentAggregation Aggregation { get; init; } = SegmentAggregation.Max;
}
