namespace Sagitta.Tracking.LineGraphs;

/// <summary>One track of a frame: a chain of hits, one a layer.</summary>
/// <param name="Hits">Hit numbers from the beam side inwards.</param>
internal readonly record struct SegmentTrack(int[] Hits);
