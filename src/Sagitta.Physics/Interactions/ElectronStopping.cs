namespace Sagitta.Physics.Interactions;

/// <summary>Stopping power and range of electrons in one material, tabulated over the logarithm of kinetic energy; energies in keV, lengths
/// mm.</summary>
/// <remarks>Collision loss after Berger and Seltzer (ICRU 37, the Moller form of Bethe's formula), the density effect in its high-energy
/// limit, plus about T/X0 for bremsstrahlung, whose photons are dropped. The range is the integral of its inverse (continuous slowing
/// down).</remarks>
internal sealed class ElectronStopping
{
    /// <summary>Electrons below this stop where they are.</summary>
    public const double Lowest = 1;
    private const double Highest = 1e7;

    // The tables' nodes are 2^n (1 + k/8): the place of an energy among them is in its bits, and no logarithm is needed.
    private const int BitsPerOctave = 3;
    private const int FractionBits = 52 - BitsPerOctave;
    private const int ExponentBias = 1023;
    private const double MassKilo = PhysicalConstants.ElectronMass / PhysicalConstants.KiloElectronVolt;
    // Below some MeV less is radiated than T/X0; with this energy in keV the tables of ICRU 37 for air are met at 10 MeV.
    private const double HalfRadiation = 5000;
    private readonly double[] _loss;
    private readonly double[] _soft;
    private readonly double[] _range;
    private readonly double[] _scattering;

    public ElectronStopping(Material material)
    {
        int count = (int)Node(Highest, out _) + 3;
        _loss = new double[count];
        _soft = new double[count];
        _range = new double[count];
        _scattering = new double[count];
        double previousInverse = 0;
        double previousEnergy = 0;
        for (int i = 0; i < count; i++)
        {
            double energy = Math.ScaleB(1 + ((i % (1 << BitsPerOctave)) / (double)(1 << BitsPerOctave)), i >> BitsPerOctave);
            _loss[i] = Formula(material, energy);
            _soft[i] = Math.Max(_loss[i] - HardLoss(material, energy), 0.2 * _loss[i]);
            _scattering[i] = ScatteringPower(energy) / material.RadiationLength;
            double inverse = 1 / _loss[i];

            // Below the table the loss is taken as constant.
            _range[i] = i == 0 ? energy * inverse / 2 : _range[i - 1] + ((energy - previousEnergy) * (inverse + previousInverse) / 2);
            previousInverse = inverse;
            previousEnergy = energy;
        }
    }

    /// <summary>keV/mm at a kinetic energy in keV.</summary>
    public double Loss(double energy) => Interpolate(_loss, energy);

    /// <summary>keV/mm by transfers below <see cref="Lowest"/>.</summary>
    public double SoftLoss(double energy) => Interpolate(_soft, energy);

    /// <summary>mm until it stops, along its path.</summary>
    public double Range(double energy) => Interpolate(_range, energy);

    /// <summary>Variance per mm of the angle in a plane, rad2/mm (<see cref="CoulombScattering"/>).</summary>
    public double Scattering(double energy) => Interpolate(_scattering, energy);

    /// <summary>Kinetic energy in keV whose range is <paramref name="length"/> mm (bisection; for set-up, not for tracking).</summary>
    public double EnergyOfRange(double length)
    {
        double low = Lowest;
        double high = Highest;
        while (high / low > 1.001)
        {
            double middle = Math.Sqrt(low * high);
            (low, high) = Range(middle) < length ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>xi in keV/mm: transfers above T keV are xi/T per mm where T is far below the electron's energy.</summary>
    public static double Strength(Material material, double energy)
    {
        double gamma = (energy / MassKilo) + 1;
        double beta2 = 1 - (1 / (gamma * gamma));
        return PhysicalConstants.BetheConstant / 2 * material.ProtonsPerNucleon * material.Density
            * PhysicalConstants.GramPerCubicCentimetre
            / PhysicalConstants.KiloElectronVolt / beta2;
    }

    // The Rutherford part of Moller's law, up to half of the energy.
    private static double HardLoss(Material material, double energy) =>
        energy > 2 * Lowest ? Strength(material, energy) * Math.Log(energy / 2 / Lowest) : 0;

    // Variance of the angle in a plane per radiation length, from the screened Rutherford law up to about a right angle; the screening
    // is that of light materials.
    private static double ScatteringPower(double energy)
    {
        double momentum = Math.Sqrt(energy * (energy + (2 * MassKilo))) * PhysicalConstants.KiloElectronVolt;
        double velocity = Math.Sqrt(energy * (energy + (2 * MassKilo))) / (energy + MassKilo);
        double ratio = momentum / CoulombScattering.Screening;
        double logarithm = Math.Max(Math.Log(4 * ratio * ratio) - 1, 1);
        return CoulombScattering.Strength / 2 * logarithm / (momentum * momentum * velocity * velocity);
    }

    private static long Node(double energy, out double fraction)
    {
        long bits = BitConverter.DoubleToInt64Bits(Math.Clamp(energy, Lowest, Highest));
        fraction = (bits & ((1L << FractionBits) - 1)) * (1.0 / (1L << FractionBits));
        return (bits >> FractionBits) - ((long)ExponentBias << BitsPerOctave);
    }

    private static double Interpolate(double[] table, double energy)
    {
        long i = Node(energy, out double fraction);
        return table[i] + (fraction * (table[i + 1] - table[i]));
    }

    private static double Formula(Material material, double energy)
    {
        double tau = energy / MassKilo;
        double gamma = tau + 1;
        double beta2 = tau * (tau + 2) / (gamma * gamma);

        // Below a few keV Bethe's formula fails; the excitation energy that falls with energy is Joy and Luo's (Scanning 11 (1989) 176).
        double excitation = material.MeanExcitationEnergy * 1e-3;
        excitation /= 1 + (0.85 * excitation / energy);
        double ratio = excitation / MassKilo;
        double f = 1 - beta2 + (((tau * tau / 8) - (((2 * tau) + 1) * Math.Log(2))) / (gamma * gamma));
        double plasma = 28.816e-3 * Math.Sqrt(material.Density * material.ProtonsPerNucleon);
        double density = Math.Max((2 * Math.Log(plasma / excitation)) + Math.Log(tau * (tau + 2)) - 1, 0);
        double bracket = Math.Log(tau * tau * (tau + 2) / (2 * ratio * ratio)) + f - density;
        return (Strength(material, energy) * Math.Max(bracket, 1)) + (
            energy / material.RadiationLength * energy / (energy + HalfRadiation));
    }
}
