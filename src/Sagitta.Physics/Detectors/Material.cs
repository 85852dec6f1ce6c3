using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Detectors;

/// <summary>A homogeneous material as the detector file describes it.</summary>
internal sealed record Material
{
    /// <summary>Next to nothing: fills the space of a detector without medium.</summary>
    public static Material Vacuum { get; } = new() { Name = "vacuum", Density = 1e-15, RadiationLength = 1e18 };
    /// <summary>Name within the detector file.</summary>
    public string Name { get; internal init; } = "";
    /// <summary>Density, g/cm3.</summary>
    [Range(1e-9, 30)]
    public required double Density { get; init; }
    /// <summary>Radiation length, mm.</summary>
    [Range(1e-3, double.PositiveInfinity)]
    public required double RadiationLength { get; init; }
    /// <summary>Protons per nucleon, Z/A in mol/g.</summary>
    [Range(0.3, 1)]
    public double ProtonsPerNucleon { get; init; } = 0.5;
    /// <summary>Mean excitation energy I of Bethe's formula, eV.</summary>
    [Range(10, 1000)]
    public double MeanExcitationEnergy { get; init; } = 100;
    /// <summary>Mean energy spent per ion pair, eV; only where the material is the gas of a gap.</summary>
    [Range(1, 1000)]
    public double IonPairEnergy { get; init; } = 27;
    /// <summary>Transverse diffusion of drifting electrons, mm per root centimetre of drift; only for gases of gaps.</summary>
    [Range(0, 10)]
    public double TransverseDiffusion { get; init; } = 0.2;
    /// <summary>The same along the drift, which spreads arrival times; only for gases of gaps.</summary>
    [Range(0, 10)]
    public double LongitudinalDiffusion { get; init; }
    /// <summary>Drift velocity of electrons, mm/ns; only for gases of gaps.</summary>
    [Range(1e-4, 1)]
    public double DriftVelocity { get; init; } = 0.047;
}

/// <summary>A flat piece of material across the beam.</summary>
/// <param name="Material">What it is made of.</param>
/// <param name="Thickness">Thickness along z, mm.</param>
internal sealed record Slab(Material Material, double Thickness)
{
    /// <summary>Radiation lengths crossed at normal incidence.</summary>
    public double RadiationLengths => Thickness / Material.RadiationLength;
}

/// <summary>A piece of material on the way from z = 0 through the detector.</summary>
/// <param name="Start">z of its front, mm.</param>
/// <param name="Thickness">Thickness along z, mm.</param>
/// <param name="Material">What it is made of.</param>
/// <param name="GapOfPlane">Plane whose gas gap it is, or -1.</param>
/// <param name="PartOfPlane">Plane that it is a part of, gap or support, or -1 for what fills the space between.</param>
internal readonly record struct TraversedSlab(double Start, double Thickness, Material Material, int GapOfPlane, int PartOfPlane = -1)
{
    /// <summary>z of its back, mm.</summary>
    public double End => Start + Thickness;
}
