using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Shape of a <see cref="SegmentNetwork"/>; the defaults are the published ones (4,961 trained numbers).</summary>
internal sealed record SegmentNetworkOptions
{
    /// <summary>Along what messages pass.</summary>
    public ScoredGraph Graph { get; init; } = ScoredGraph.Line;

    /// <summary>Width of hidden layers and messages; the published hit graph has 64.</summary>
    [Range(1, 4096)]
    public int Hidden { get; init; } = 16;

    /// <summary>How messages are joined.</summary>
    public SegmentAggregation Aggregation { get; init; } = SegmentAggregation.Max;

    /// <summary>Share by which one frame moves the running averages of the normalisations. The published 0.1 remembers about ten frames; a
    /// step of 32 frames then leaves the averages of its last ten.</summary>
    [Range(0.0, 1.0)]
    public double Momentum { get; init; } = 0.1;

    /// <summary>Hit graph: whether the logit passes a sigmoid of its own before the one that makes it a score, as in the published code,
    /// which confines scores to 0.5 to 0.73. For comparison.</summary>
    public bool DoubleSigmoid { get; init; }
}

/// <summary>Along what a network passes messages.</summary>
internal enum ScoredGraph
{
    /// <summary>The line graph: between segments that share a hit, with the angle between them.</summary>
    Line,

    /// <summary>The graph of hits: along segments, which are scored from both hits and the message between them.</summary>
    Hit,
}

/// <summary>How the messages that reach a segment become one; a segment without links gets zeros.</summary>
internal enum SegmentAggregation
{
    /// <summary>The largest, column by column (the published choice).</summary>
    Max,

    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The sum.</summary>
    Sum,
}
