namespace Sagitta.Physics.Protons;

/// <summary>A stretch of the way from source to back, taken as mixed in all but where its material scatters.</summary>
internal sealed class ProtonStep
{
    private readonly IReadOnlyList<CompoundSlab> _slabs;

    public ProtonStep(double begin, IReadOnlyList<CompoundSlab> slabs, bool thick, int layer, StepTables tables)
    {
        _slabs = slabs;
        Begin = begin;
        Layer = layer;
        Thick = thick;
        Length = slabs.Sum(slab => slab.Thickness);
        Tables = tables;
        double left = Length;
        double screening = 0;
        double electrons = 0;
        foreach (CompoundSlab slab in slabs)
        {
            double near = left - slab.Thickness;
            double power = ScatteringPower(slab.Material);
            Scattering += slab.Thickness * power;
            screening += slab.Thickness * power * Math.Log(ProtonScattering.ScreeningSquared(slab.Material));
            electrons += slab.Thickness * ProtonScattering.ElectronicPower(slab.Material);
            CouplingSquared += slab.Thickness * power * ProtonScattering.CouplingSquared(slab.Material);
            Moment1 += power * ((left * left) - (near * near)) / 2;
            Moment2 += power * ((left * left * left) - (near * near * near)) / 3;
            LossStrength += ProtonStopping.Strength(slab.Material) * slab.Thickness;
            left = near;
        }

        ScreeningSquared = Math.Exp(screening / Scattering);
        CouplingSquared /= Scattering;
        Electrons = electrons / Scattering;
        Behind = thick ? Length - slabs[0].Thickness : 0;
    }

    /// <summary>z of its begin, mm.</summary>
    public double Begin { get; }

    /// <summary>Length along z, mm.</summary>
    public double Length { get; }

    /// <summary>The sensitive layer at its end, or -1.</summary>
    public int Layer { get; }

    /// <summary>Whether it is one thick slab; it is then crossed in pieces, none much longer than a tenth of the range that is
    /// left.</summary>
    public bool Thick { get; }

    /// <summary>Of a thick step: length of the thin slabs behind the thick one, mm.</summary>
    public double Behind { get; }

    /// <summary>Range and reactions in its mixture.</summary>
    public StepTables Tables { get; }

    /// <summary>Strength of Coulomb scattering at normal incidence, (chi_c p beta)^2 of nuclei and electrons, MeV^2.</summary>
    public double Scattering { get; }

    /// <summary>The electrons' share of the strength.</summary>
    public double Electrons { get; }

    /// <summary><see cref="ProtonScattering.ScreeningSquared"/>, its logarithm averaged over the strength.</summary>
    public double ScreeningSquared { get; }

    /// <summary><see cref="ProtonScattering.CouplingSquared"/>, averaged over the strength.</summary>
    public double CouplingSquared { get; }

    /// <summary>Integral over the strength of the distance to the end, MeV^2 mm.</summary>
    public double Moment1 { get; }

    /// <summary>The same of its square.</summary>
    public double Moment2 { get; }

    /// <summary>xi at velocity 1, MeV.</summary>
    public double LossStrength { get; }

    /// <summary>Distance in mm from the step's end to a place drawn along it by the strength of scattering.</summary>
    public double DistanceAtQuantile(double quantile)
    {
        double target = quantile * Scattering;
        double left = Length;
        foreach (CompoundSlab slab in _slabs)
        {
            double power = ScatteringPower(slab.Material);
            double part = slab.Thickness * power;
            if (target < part)
            {
                return left - (target / power);
            }

            target -= part;
            left -= slab.Thickness;
        }

        return 0;
    }

    private static double ScatteringPower(Compound material) =>
        ProtonScattering.NuclearPower(material) + ProtonScattering.ElectronicPower(material);
}
