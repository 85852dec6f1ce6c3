namespace Sagitta.Tracking.Fitting;

/// <summary>Settings of a circle fit.</summary>
internal sealed record CircleFitOptions
{
    /// <summary>Planes that must be present for a fit.</summary>
    public int MinimumPlanes { get; init; } = TrackParameter.Count;

    /// <summary>The presence from which a plane counts towards <see cref="MinimumPlanes"/>. It decides the status only: every plane enters
    /// the fit with its weight.</summary>
    public double MinimumPresence { get; init; } = 0.01;

    /// <summary>A measurement of y at z = 0 that joins the planes of every event; none by default.</summary>
    public VertexConstraint Vertex { get; init; } = new();

    /// <summary>Steps before an event is given up.</summary>
    public int MaximumSteps { get; init; } = 100;
}
