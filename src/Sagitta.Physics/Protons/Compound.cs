namespace Sagitta.Physics.Protons;

/// <summary>A homogeneous material with the elements that protons react with.</summary>
internal sealed record Compound
{
    /// <summary>Name within the detector file.</summary>
    public required string Name { get; init; }

    /// <summary>Density, g/cm3.</summary>
    public required double Density { get; init; }

    /// <summary>Radiation length, mm.</summary>
    public required double RadiationLength { get; init; }

    /// <summary>Mean excitation energy I of Bethe's formula, eV.</summary>
    public required double MeanExcitationEnergy { get; init; }

    /// <summary>Elements with their fractions by mass, which add up to 1.</summary>
    public required IReadOnlyList<(Element Element, double MassFraction)> Elements { get; init; }

    /// <summary>Z of its electrons' atoms, averaged over electrons.</summary>
    public double MeanProtons => Elements.Sum(part =>
        part.MassFraction * part.Element.Protons * part.Element.Protons / part.Element.MassNumber) / ProtonsPerNucleon;

    /// <summary>Electrons per mass, Z/A in mol/g, averaged over the elements.</summary>
    public double ProtonsPerNucleon => Elements.Sum(part => part.MassFraction * part.Element.Protons / part.Element.MassNumber);
}
