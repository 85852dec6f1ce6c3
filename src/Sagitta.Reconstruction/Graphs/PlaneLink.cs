namespace Sagitta.Reconstruction.Graphs;

/// <summary>How hits of one plane may be joined to hits of another: the window on y(other) - y(this) about what the road predicts.</summary>
/// <param name="Other">The other plane.</param>
/// <param name="DeltaZ">z(other) - z(this), mm.</param>
/// <param name="HalfWidth">Half of the window, mm.</param>
/// <param name="Kind">Same plane, same station, or across stations.</param>
internal readonly record struct PlaneLink(int Other, double DeltaZ, double HalfWidth, LinkKind Kind);
