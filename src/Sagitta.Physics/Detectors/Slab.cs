namespace Sagitta.Physics.Detectors;

/// <summary>A flat piece of material across the beam.</summary>
/// <param name="Material">What it is made of.</param>
/// <param name="Thickness">Thickness along z, mm.</param>
internal sealed record Slab(Material Material, double Thickness)
{
    /// <summary>Radiation lengths crossed at normal incidence.</summary>
    public double RadiationLengths => Thickness / Material.RadiationLength;
}
