namespace Sagitta.Physics.Interactions;

/// <summary>Ionisation loss of muons: Bethe's formula, whole and restricted, with the density effect (PDG, "Passage of particles through
/// matter", energy loss of heavy particles).</summary>
internal static class BetheLoss
{
    private const double ElectronVolt = 1e-9;

    /// <summary>Kinetic energy in GeV that one collision can at most give to an electron.</summary>
    public static double LargestTransfer(double betaGamma, double gamma)
    {
        double ratio = PhysicalConstants.ElectronMass / PhysicalConstants.MuonMass;
        return 2 * PhysicalConstants.ElectronMass * betaGamma * betaGamma / (1 + (2 * gamma * ratio) + (ratio * ratio));
    }

    /// <summary>xi = K/2 Z/A rho / beta^2 in GeV/mm: half the strength of the knock-on spectrum.</summary>
    public static double Strength(Material material, double beta) =>
        PhysicalConstants.BetheConstant / 2 * material.ProtonsPerNucleon * material.Density * PhysicalConstants.GramPerCubicCentimetre / (
            beta * beta);

    /// <summary>Mean loss in GeV/mm for a momentum in GeV.</summary>
    public static double Mean(Material material, double momentum)
    {
        (double betaGamma, double gamma, double beta) = Velocity(momentum);
        double largest = LargestTransfer(betaGamma, gamma);
        double excitation = material.MeanExcitationEnergy * ElectronVolt;
        double logarithm = 0.5 * Math.Log(2 * PhysicalConstants.ElectronMass * betaGamma * betaGamma * largest / (excitation * excitation));
        return 2 * Strength(material, beta) * (logarithm - (beta * beta) - (DensityEffect.Delta(material, betaGamma) / 2));
    }

    /// <summary>Mean loss in GeV/mm by transfers up to <paramref name="cut"/> (GeV): Bethe's formula restricted (PDG, same
    /// section).</summary>
    public static double Restricted(Material material, double momentum, double cut)
    {
        (double betaGamma, double gamma, double beta) = Velocity(momentum);
        double largest = LargestTransfer(betaGamma, gamma);
        double limit = Math.Min(cut, largest);
        double excitation = material.MeanExcitationEnergy * ElectronVolt;
        double logarithm = 0.5 * Math.Log(2 * PhysicalConstants.ElectronMass * betaGamma * betaGamma * limit / (excitation * excitation));
        return 2 * Strength(material, beta) * (logarithm - (beta * beta / 2 * (1 + (limit / largest))) - (
            DensityEffect.Delta(material, betaGamma) / 2));
    }

    /// <summary>beta gamma, gamma and beta of a muon of a momentum in GeV.</summary>
    public static (double BetaGamma, double Gamma, double Beta) Velocity(double momentum)
    {
        double betaGamma = momentum / PhysicalConstants.MuonMass;
        double gamma = Math.Sqrt(1 + (betaGamma * betaGamma));
        return (betaGamma, gamma, betaGamma / gamma);
    }
}

/// <summary>Density-effect correction of Bethe's formula: Sternheimer's form with the general parameters of Sternheimer and Peierls (Phys.
/// Rev. B 3 (1971) 3681), which need only the mean excitation energy and the plasma energy.</summary>
internal static class DensityEffect
{
    // Below this density in g/cm3 a material is taken for a gas.
    private const double GasDensity = 0.05;

    /// <summary>delta at beta gamma.</summary>
    public static double Delta(Material material, double betaGamma)
    {
        double plasma = 28.816 * Math.Sqrt(material.Density * material.ProtonsPerNucleon);
        double c = (2 * Math.Log(material.MeanExcitationEnergy / plasma)) + 1;
        (double x0, double x1) = material.Density < GasDensity ? Gas(c) : Solid(c, material.MeanExcitationEnergy);
        double x = Math.Log10(betaGamma);
        if (x <= x0)
        {
            return 0;
        }

        double linear = (2 * Math.Log(10) * x) - c;
        double a = (c - (2 * Math.Log(10) * x0)) / Math.Pow(x1 - x0, 3);
        return x >= x1 ? linear : linear + (a * Math.Pow(x1 - x, 3));
    }

    private static (double X0, double X1) Gas(double c) => c switch
    {
        < 10 => (1.6, 4),
        < 10.5 => (1.7, 4),
        < 11 => (1.8, 4),
        < 11.5 => (1.9, 4),
        < 12.25 => (2.0, 4),
        < 13.804 => (2.0, 5),
        _ => ((0.326 * c) - 2.5, 5),
    };

    private static (double X0, double X1) Solid(double c, double excitation) => excitation < 100
        ? c < 3.681 ? (0.2, 2) : ((0.326 * c) - 1, 2)
        : c < 5.215 ? (0.2, 3) : ((0.326 * c) - 1.5, 3);
}

/// <summary>A smooth function of momentum, tabulated over its logarithm so that transport needs no logarithms of its own.</summary>
internal sealed class MomentumTable
{
    private const double Lowest = 0.1;
    private const double Highest = 1e5;
    private const int PerOctave = 4;
    private readonly double[] _values;

    public MomentumTable(Func<double, double> function)
    {
        _values = new double[(int)(Math.Log2(Highest / Lowest) * PerOctave) + 2];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = function(Lowest * Math.Pow(2, (double)i / PerOctave));
        }
    }

    /// <summary>The value at a momentum in GeV, linear in its logarithm; the border's value beyond 0.1 .. 100,000 GeV.</summary>
    public double At(double momentum)
    {
        double at = Math.Clamp(Math.Log2(momentum / Lowest) * PerOctave, 0, _values.Length - 2);
        int i = (int)at;
        return _values[i] + ((at - i) * (_values[i + 1] - _values[i]));
    }
}
