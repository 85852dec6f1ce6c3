namespace Sagitta.Physics.Interactions;

/// <summary>Hard radiation by muons in one material: how often a photon (bremsstrahlung) or an electron and a positron (direct pair
/// production) take more than <see cref="Lowest"/>, and how much. Energies in GeV; immutable.</summary>
/// <remarks>Bremsstrahlung after Petrukhin and Shestakov, pairs after Kelner and Kotov, both as Groom, Mokhov and Striganov, At. Data Nucl.
/// Data Tables 78 (2001) 183, write them; the small part of pairs in which the muon radiates the photon is left out. Electrons of the atoms
/// are counted by Z (Z + 1). A material's Z is the one whose radiation length, by the PDG's fit, is its own.</remarks>
internal sealed class MuonRadiation
{
    /// <summary>Lowest energy of a photon or pair: one that leaves something where it was not made.</summary>
    public const double Lowest = 2e-3;
    private const double MassRatio = PhysicalConstants.ElectronMass / PhysicalConstants.MuonMass;
    private const double LowestMomentum = 1;
    private const int PerDecade = 6;
    private const int Nodes = 25;
    private const int Quantiles = 128;

    // N_A r_e^2 in cm2/mol: K = 4 pi N_A r_e^2 m_e c^2.
    private const double AtomicArea = PhysicalConstants.BetheConstant / 100 / (4 * Math.PI * PhysicalConstants.ElectronMass);
    private readonly double[] _pairs = new double[Nodes];
    private readonly double[] _photons = new double[Nodes];
    private readonly double[] _pairEnergy = new double[Nodes * Quantiles];
    private readonly double[] _photonEnergy = new double[Nodes * Quantiles];

    public MuonRadiation(Material material)
    {
        double charge = EffectiveCharge(material);
        double mass = charge / material.ProtonsPerNucleon;
        double perLength = material.Density / 10;
        for (int node = 0; node < Nodes; node++)
        {
            double energy = Math.Pow(10, (double)node / PerDecade) * LowestMomentum;
            _pairs[node] = perLength * Fill(v => Pairs(charge, mass, energy, v), charge, energy,
                _pairEnergy.AsSpan(node * Quantiles, Quantiles));
            _photons[node] = perLength * Fill(v => Bremsstrahlung(charge, mass, energy, v), charge, energy,
                _photonEnergy.AsSpan(node * Quantiles, Quantiles));
        }
    }

    /// <summary>Mean number per mm of the path of a muon of a momentum, of pairs and of photons.</summary>
    public (double Pairs, double Photons) PerLength(double momentum)
    {
        (int node, double part) = NodeOf(momentum);
        return (_pairs[node] + (part * (_pairs[node + 1] - _pairs[node])), _photons[node] + (part * (_photons[node + 1] - _photons[node])));
    }

    /// <summary>Energy of a pair or a photon; the table's node above or below the momentum is chosen by the second uniform.</summary>
    public double Energy(bool pair, double momentum, double uniform, double choice)
    {
        (int node, double part) = NodeOf(momentum);
        node += choice < part ? 1 : 0;
        double[] table = pair ? _pairEnergy : _photonEnergy;
        double place = (1 - Math.Sqrt(1 - uniform)) * (Quantiles - 1);
        int i = Math.Min((int)place, Quantiles - 2);
        double low = table[(node * Quantiles) + i];
        return low * Math.Pow(table[(node * Quantiles) + i + 1] / low, place - i);
    }

    /// <summary>Number per g/cm2 and unit of v, the fraction of the muon's energy that a photon takes.</summary>
    /// <param name="charge">Z.</param>
    /// <param name="mass">A, g/mol.</param>
    /// <param name="energy">Of the muon, GeV.</param>
    /// <param name="v">The fraction.</param>
    internal static double Bremsstrahlung(double charge, double mass, double energy, double v)
    {
        double cube = Math.Pow(charge, -1.0 / 3);
        double least = PhysicalConstants.MuonMass * PhysicalConstants.MuonMass * v / (2 * energy * (1 - v));
        double screened = (charge > 10 ? 2.0 / 3 * cube : 1) * 189 / MassRatio * cube
            / (1 + (189 * Math.Sqrt(Math.E) / PhysicalConstants.ElectronMass * least * cube));
        return 4 * PhysicalConstants.FineStructure * AtomicArea / mass * MassRatio * MassRatio * charge * (charge + 1)
            * ((4.0 / 3 * (1 - v)) + (v * v)) * Math.Max(Math.Log(screened), 0) / v;
    }

    /// <summary>The same of a pair.</summary>
    internal static double Pairs(double charge, double mass, double energy, double v)
    {
        const int Points = 32;
        double largest = (1 - (6 * PhysicalConstants.MuonMass * PhysicalConstants.MuonMass / (energy * energy * (1 - v))))
            * Math.Sqrt(Math.Max(1 - (4 * PhysicalConstants.ElectronMass / (v * energy)), 0));
        if (!(largest > 0))
        {
            return 0;
        }

        // Over ln(1 - rho), rho being the asymmetry of the two energies: most of the integral is near 1.
        double span = -Math.Log(1 - largest);
        double sum = 0;
        for (int i = 0; i < Points; i++)
        {
            double away = Math.Exp(-span * (i + 0.5) / Points);
            sum += away * PairTerm(charge, energy, v, (1 - away) * (1 - away));
        }

        return 4 / (3 * Math.PI) * AtomicArea / mass * charge * (charge + 1) * PhysicalConstants.FineStructure
            * PhysicalConstants.FineStructure * (1 - v) / v * sum * span / Points;
    }

    /// <summary>The Z whose radiation length 716.4 g/cm2 A/(Z (Z + 1) ln(287/sqrt(Z))) is the material's.</summary>
    internal static double EffectiveCharge(Material material)
    {
        double target = material.RadiationLength * material.Density / 10 * material.ProtonsPerNucleon;
        double low = 1;
        double high = 100;
        while (high - low > 1e-9)
        {
            double middle = (low + high) / 2;
            (low, high) = 716.4 / ((middle + 1) * Math.Log(287 / Math.Sqrt(middle))) > target ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Largest fraction of the energy that is radiated.</summary>
    internal static double LargestFraction(double charge, double energy) =>
        1 - (0.75 * Math.Sqrt(Math.E) * PhysicalConstants.MuonMass / energy * Math.Cbrt(charge));

    private static double PairTerm(double charge, double energy, double v, double square)
    {
        double beta = v * v / (2 * (1 - v));
        double xi = v * v / (4 * MassRatio * MassRatio) * (1 - square) / (1 - v);
        double b = xi < 1000
            ? ((((2 + square) * (1 + beta)) + (xi * (3 + square))) * double.LogP1(1 / xi)) + ((1 - square - beta) / (1 + xi)) - (3 + square)
            : (3 - square + (2 * beta * (1 + square))) / (2 * xi);
        double y = (5 - square + (4 * beta * (1 + square)))
            / ((2 * (1 + (3 * beta)) * Math.Log(3 + (1 / xi))) - square - (2 * beta * (2 - square)));
        double cube = Math.Cbrt(charge);
        double q = (1 + xi) * (1 + y);
        double reduced = 1.5 * MassRatio * cube;
        double logarithm = Math.Log(183 / cube * Math.Sqrt(q) / (
            1 + (2 * PhysicalConstants.ElectronMass * Math.Sqrt(Math.E) * 183 / cube * q
            / (energy * v * (1 - square))))) - (0.5 * double.LogP1(reduced * reduced * q));
        return b * Math.Max(logarithm, 0);
    }

    // The number above the lowest energy, and the energies at its quantiles.
    private static double Fill(Func<double, double> spectrum, double charge, double energy, Span<double> quantiles)
    {
        const int Steps = 600;
        double low = Lowest / energy;
        double ratio = Math.Log(LargestFraction(charge, energy) / low) / Steps;
        if (!(ratio > 0))
        {
            quantiles.Fill(Lowest);
            return 0;
        }

        Span<double> cumulative = stackalloc double[Steps + 1];
        cumulative[0] = 0;
        for (int i = 0; i < Steps; i++)
        {
            double v = low * Math.Exp(ratio * (i + 0.5));
            cumulative[i + 1] = cumulative[i] + (spectrum(v) * v * ratio);
        }

        int step = 0;
        for (int k = 0; k < quantiles.Length; k++)
        {
            // Denser towards the highest energies, where a quantile spans most.
            double rest = 1 - ((double)k / (quantiles.Length - 1));
            double target = cumulative[Steps] * (1 - (rest * rest));
            while (step < Steps - 1 && cumulative[step + 1] < target)
            {
                step++;
            }

            double width = cumulative[step + 1] - cumulative[step];
            quantiles[k] = Lowest * Math.Exp(ratio * (step + (width > 0 ? Math.Clamp((target - cumulative[step]) / width, 0, 1) : 1)));
        }

        return cumulative[Steps];
    }

    private static (int Node, double Part) NodeOf(double momentum)
    {
        double place = Math.Clamp(PerDecade * Math.Log10(momentum / LowestMomentum), 0, Nodes - 1.000001);
        return ((int)place, place - (int)place);
    }
}
