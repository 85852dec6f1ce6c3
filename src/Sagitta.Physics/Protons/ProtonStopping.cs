namespace Sagitta.Physics.Protons;

/// <summary>Ionisation loss of protons: Bethe's formula, whole and restricted, and straggling (PDG, "Passage of particles through matter",
/// energy loss of heavy particles; ICRU 49). MeV and mm. With the shell correction; without Barkas' and the density effect, which do not
/// matter from 3 to 300 MeV.</summary>
internal static class ProtonStopping
{
    /// <summary>Below this energy in MeV the loss is taken as constant: such protons go some micrometres.</summary>
    public const double Lowest = 0.3;
    private const double LowestShellSquare = 0.13 * 0.13;
    private const double ElectronMass = 1000 * PhysicalConstants.ElectronMass;
    private const double BetheConstant = 1000 * PhysicalConstants.BetheConstant;

    /// <summary>Energy that one collision can at most give to an electron, MeV.</summary>
    public static double LargestTransfer(double energy)
    {
        double gamma = 1 + (energy / ProtonKinematics.Mass);
        const double Ratio = ElectronMass / ProtonKinematics.Mass;
        return 2 * ElectronMass * ((gamma * gamma) - 1) / (1 + (2 * gamma * Ratio) + (Ratio * Ratio));
    }

    /// <summary>xi in MeV/mm at velocity 1: transfers above T are xi/T per mm where T is far below the largest.</summary>
    public static double Strength(Compound material) =>
        BetheConstant / 2 * material.ProtonsPerNucleon * material.Density * PhysicalConstants.GramPerCubicCentimetre;

    /// <summary>Mean loss, MeV/mm.</summary>
    public static double Loss(Compound material, double energy) => Restricted(material, energy, double.PositiveInfinity);

    /// <summary>Mean loss by transfers up to <paramref name="cut"/> MeV, MeV/mm.</summary>
    public static double Restricted(Compound material, double energy, double cut)
    {
        energy = Math.Max(energy, Lowest);
        double beta2 = ProtonKinematics.VelocitySquared(energy);
        double largest = LargestTransfer(energy);
        double limit = Math.Min(cut, largest);
        double excitation = 1e-6 * material.MeanExcitationEnergy;
        double logarithm = Math.Log(2 * ElectronMass * beta2 / (1 - beta2) * limit / (excitation * excitation));
        double bracket = logarithm - (beta2 * (1 + (limit / largest))) - (2 * ShellCorrection(material, beta2 / (1 - beta2)));
        return Strength(material) / beta2 * Math.Max(bracket, 0.1);
    }

    // C/Z at (beta gamma) squared: the fit of Barkas and Berger (NASA SP-3013 (1964)), which holds from about 8 MeV and is kept constant
    // below.
    private static double ShellCorrection(Compound material, double square)
    {
        double inverse = 1 / Math.Max(square, LowestShellSquare);
        double excitation = material.MeanExcitationEnergy;
        double second = ((0.422377 * inverse) + (0.0304043 * inverse * inverse) - (0.00038106 * inverse * inverse * inverse)) * 1e-6;
        double third = ((3.858019 * inverse) - (0.1667989 * inverse * inverse) + (0.00157955 * inverse * inverse * inverse)) * 1e-9;
        return ((second * excitation * excitation) + (third * excitation * excitation * excitation)) / material.MeanProtons;
    }

    /// <summary>Variance of the loss per mm over <see cref="Strength"/>, MeV: Bohr's straggling with the relativistic factor (Rossi,
    /// High-Energy Particles (1952), section 2.7).</summary>
    public static double StragglingPerStrength(double energy)
    {
        double beta2 = ProtonKinematics.VelocitySquared(energy);
        return LargestTransfer(energy) / beta2 * (1 - (beta2 / 2));
    }
}

/// <summary>Range against energy in a stack of slabs taken as mixed, by the continuous slowing down approximation; mm along the path and
/// MeV. Linear between nodes: of the range every 0.25 MeV, of its inverse over the root of the range.</summary>
internal sealed class RangeTable
{
    /// <summary>Highest energy, MeV.</summary>
    public const double Highest = 300;
    private const double EnergyStep = 0.25;
    private const int RootNodes = 2048;
    private readonly double[] _range;
    private readonly double[] _energy;
    private readonly double _nodesPerRoot;

    /// <summary>Tabulates slabs; thicknesses are weights.</summary>
    public RangeTable(IReadOnlyList<CompoundSlab> slabs)
    {
        double length = slabs.Sum(slab => slab.Thickness);
        double Loss(double energy) => slabs.Sum(slab => ProtonStopping.Loss(slab.Material, energy) * slab.Thickness) / length;
        _range = new double[(int)(Highest / EnergyStep) + 2];
        for (int i = 1; i < _range.Length; i++)
        {
            // Simpson's rule on each interval.
            double low = (i - 1) * EnergyStep;
            double inverse = (1 / Loss(low)) + (4 / Loss(low + (EnergyStep / 2))) + (1 / Loss(low + EnergyStep));
            _range[i] = _range[i - 1] + (EnergyStep * inverse / 6);
        }

        _energy = new double[RootNodes + 2];
        _nodesPerRoot = RootNodes / Math.Sqrt(_range[^2]);
        int at = 1;
        for (int k = 1; k < _energy.Length; k++)
        {
            double range = k / _nodesPerRoot * (k / _nodesPerRoot);
            while (at < _range.Length - 1 && _range[at] < range)
            {
                at++;
            }

            _energy[k] = EnergyStep * (at - 1 + ((range - _range[at - 1]) / (_range[at] - _range[at - 1])));
        }
    }

    /// <summary>mm that a proton of this energy goes; the border's value beyond the table.</summary>
    public double Range(double energy)
    {
        double at = Math.Clamp(energy, 0, Highest) * (1 / EnergyStep);
        int i = (int)at;
        return _range[i] + ((at - i) * (_range[i + 1] - _range[i]));
    }

    /// <summary>Energy in MeV of a proton that goes so many mm; 0 for none or less.</summary>
    public double Energy(double range)
    {
        if (!(range > 0))
        {
            return 0;
        }

        double at = Math.Min(Math.Sqrt(range) * _nodesPerRoot, RootNodes);
        int i = (int)at;
        return _energy[i] + ((at - i) * (_energy[i + 1] - _energy[i]));
    }
}
