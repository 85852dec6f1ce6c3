namespace Sagitta.Tracking.Graphs;

/// <summary>The straight piece of track through a hit on which most planes of its station agree.</summary>
/// <param name="Share">Share of the station's other planes that have a hit on it, 0 to 1.</param>
/// <param name="Slope">Its slope less the road's.</param>
/// <param name="Ambiguity">Share of all slopes that have that many planes.</param>
internal readonly record struct Tracklet(float Share, float Slope, float Ambiguity);
