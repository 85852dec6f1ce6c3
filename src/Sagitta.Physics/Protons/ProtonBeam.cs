namespace Sagitta.Physics.Protons;

/// <summary>A pencil beam along +z; Gaussian in energy, place and angle.</summary>
internal sealed record ProtonBeam
{
    /// <summary>Mean kinetic energy, MeV.</summary>
    public required double Energy { get; init; }

    /// <summary>Standard deviation of the energy over its mean.</summary>
    public double EnergySpread { get; init; }

    /// <summary>z where protons start, mm.</summary>
    public required double Z { get; init; }

    /// <summary>Standard deviation of x and of y there, mm.</summary>
    public double Size { get; init; }

    /// <summary>Standard deviation of the angle in x and in y, rad.</summary>
    public double Divergence { get; init; }

    /// <summary>Correlation of place and angle; positive where the beam widens.</summary>
    public double Correlation { get; init; }
}
