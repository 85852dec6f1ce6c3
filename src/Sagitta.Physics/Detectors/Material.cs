namespace Sagitta.Physics.Detectors;

/// <summary>A homogeneous material as the detector file describes it.</summary>
internal sealed record Material
{
    /// <summary>Next to nothing: fills the space of a detector without medium.</summary>
    public static Material Vacuum { get; } = new() { Name = "vacuum", Density = 1e-15, RadiationLength = 1e18 };

    /// <summary>Name within the detector file.</summary>
    public required string Name { get; init; }

    /// <summary>Density, g/cm3.</summary>
    public required double Density { get; init; }

    /// <summary>Radiation length, mm.</summary>
    public required double RadiationLength { get; init; }

    /// <summary>Protons per nucleon, Z/A in mol/g.</summary>
    public double ProtonsPerNucleon { get; init; } = 0.5;

    /// <summary>Mean excitation energy I of Bethe's formula, eV.</summary>
    public double MeanExcitationEnergy { get; init; } = 100;

    /// <summary>Mean energy spent per ion pair, eV; only where the material is the gas of a gap.</summary>
    public double IonPairEnergy { get; init; } = 27;

    /// <summary>Transverse diffusion of drifting electrons, mm per root centimetre of drift; only for gases of gaps.</summary>
    public double TransverseDiffusion { get; init; } = 0.2;

    /// <summary>Drift velocity of electrons, mm/ns; only for gases of gaps.</summary>
    public double DriftVelocity { get; init; } = 0.047;
}
