namespace Sagitta.Tracking.Graphs;

/// <summary>
/// How hits of one plane may be joined to hits of another: the window on y(other) - y(this) about what the road predicts, and what
/// of an edge's features follows from the planes alone.
/// </summary>
/// <param name="Other">The other plane.</param>
/// <param name="DeltaZ">z(other) - z(this), mm.</param>
/// <param name="HalfWidth">Half of the window, mm.</param>
/// <param name="Kind">Same plane, same station, or across stations.</param>
/// <param name="PerOffset">The first feature of an edge, per mm of distance from the prediction.</param>
/// <param name="Distance">The second feature; a same-plane link has the distance between its hits there instead.</param>
internal readonly record struct PlaneLink(int Other, double DeltaZ, double HalfWidth, LinkKind Kind, double PerOffset, float Distance)
{
    /// <summary>One over <see cref="DeltaZ"/>; 0 within a plane.</summary>
    internal double PerDeltaZ { get; } = DeltaZ != 0 ? 1 / DeltaZ : 0;
}
