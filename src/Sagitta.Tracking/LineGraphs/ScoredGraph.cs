namespace Sagitta.Tracking.LineGraphs;

/// <summary>Along what a network passes messages.</summary>
public enum ScoredGraph
{
    /// <summary>The line graph: between segments that share a hit, with the angle between them.</summary>
    Line,

    /// <summary>The graph of hits: along segments, which are scored from both hits and the message between them.</summary>
    Hit,
}
