namespace Sagitta.Reconstruction.Fitting;

/// <summary>Settings of a circle fit.</summary>
public sealed record CircleFitOptions
{
    /// <summary>Planes that must be present for a fit.</summary>
    public int MinimumPlanes { get; init; } = TrackParameter.Count;

    /// <summary>The presence from which a plane counts towards <see cref="MinimumPlanes"/>. It decides the status only: every plane enters the fit with its weight.</summary>
    public double MinimumPresence { get; init; } = 0.01;

    /// <summary>Steps before an event is given up.</summary>
    public int MaximumSteps { get; init; } = 100;
}
