using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>Settings of the fit of tracks in an endcap.</summary>
internal sealed record EndcapFitOptions
{
    /// <summary>Longest step of the transport, mm. Steps of 200 mm pass over the kinks of the field at cell walls: docs/method.md states
    /// what that costs.</summary>
    [Range(1, 1e4)]
    public double Step { get; init; } = 200;
    /// <summary>Whether to carry tracks cell by cell to 1e-9 mm a step instead, several times as slow.</summary>
    public bool CellByCell { get; init; }
    /// <summary>Presence from which a plane counts as present.</summary>
    [Range(0, 1)]
    public double MinimumPresence { get; init; } = 0.5;
    /// <summary>Fewer present planes are not fitted.</summary>
    [Range(5, 255)]
    public int MinimumPlanes { get; init; } = 8;
    /// <summary>Steps of the descent, refused ones included.</summary>
    [Range(1, 1000)]
    public int MaximumSteps { get; init; } = 30;
    /// <summary>Decrease of chi-square by a step, from which that step is the last. The step is taken, and leaves a distance from the
    /// minimum that is smaller again by about a thousand.</summary>
    [Range(1e-30, 1)]
    public double Tolerance { get; init; } = 1e-8;
}

/// <summary>Order of the fit's inputs.</summary>
internal static class EndcapFitInput
{
    /// <summary>u measured, mm (tracks x planes).</summary>
    public const int Measured = 0;
    /// <summary>Its error, mm (tracks x planes).</summary>
    public const int Sigma = 1;
    /// <summary>Weight of the plane, 0 to 1 (tracks x planes).</summary>
    public const int Presence = 2;
    /// <summary>How far along u each plane stands from its place, mm (1 x planes).</summary>
    public const int PlaneU = 3;
    /// <summary>How far along z, mm (1 x planes).</summary>
    public const int PlaneZ = 4;
    /// <summary>Factor of the field (1 x 1).</summary>
    public const int FieldScale = 5;
}
