namespace Sagitta.Physics.Protons;

/// <summary>A flat piece of material across the beam.</summary>
/// <param name="Material">What it is made of.</param>
/// <param name="Thickness">Thickness along z, mm.</param>
internal readonly record struct CompoundSlab(Compound Material, double Thickness);
