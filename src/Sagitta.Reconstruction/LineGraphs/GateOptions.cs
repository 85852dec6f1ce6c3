namespace Sagitta.Reconstruction.LineGraphs;

/// <summary>Which pairs of hits in neighbouring layers become segments: those within an angle of the beam axis.</summary>
public sealed record GateOptions
{
    /// <summary>Largest angle to the beam axis between calorimeter layers, and from the first of them to the tracker, rad; the limit itself is out.</summary>
    public double CalorimeterAngle { get; init; } = 0.4;

    /// <summary>Largest angle where the deeper hit lies in the tracker or in the first calorimeter layer's place (layer below 3), rad.</summary>
    public double TrackerAngle { get; init; } = 0.2;

    /// <summary>
    /// Below this deposit in both hits, MeV, a calorimeter segment is taken to be of a fast proton, which scatters little: its angle must be below
    /// <see cref="FastAngle"/>. 0, the default, makes no difference between protons.
    /// </summary>
    public double FastDeposit { get; init; }

    /// <summary>Largest angle of segments of fast protons, rad.</summary>
    public double FastAngle { get; init; } = 0.25;
}
