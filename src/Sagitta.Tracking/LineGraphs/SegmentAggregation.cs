namespace Sagitta.Tracking.LineGraphs;

/// <summary>How the messages that reach a segment become one; a segment without links gets zeros.</summary>
public enum SegmentAggregation
{
    /// <summary>The largest, column by column (the published choice).</summary>
    Max,

    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The sum.</summary>
    Sum,
}
