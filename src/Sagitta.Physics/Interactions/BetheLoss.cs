namespace Sagitta.Physics.Interactions;

/// <summary>
/// Ionisation loss of muons: Bethe's formula, whole and restricted, with the density effect (PDG, "Passage of particles through matter",
/// energy loss of heavy particles).
/// </summary>
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

    /// <summary>
    /// Mean loss in GeV/mm by transfers up to <paramref name="cut"/> (GeV): Bethe's formula restricted (PDG, same section).
    /// </summary>
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
