namespace Sagitta.Physics.Protons;

/// <summary>Multiple and single Coulomb scattering of protons by the screened Rutherford law, with angles times momentum and velocity, in
/// MeV (Moliere; Bethe, Phys. Rev. 89 (1953) 1256): scatters above a cut are drawn one by one, those below make a Gaussian, whose logarithm
/// is that of Highland's formula. Nuclei (Z^2) and electrons (Z) scatter apart: an electron turns a proton by no more than the largest
/// transfer of energy allows (Fano, Phys. Rev. 93 (1954) 117), which takes 4 % off the width behind 20 cm of water and 2 % off that behind
/// 4 mm of aluminium.</summary>
internal static class ProtonScattering
{
    private const double ElectronMass = 1000 * PhysicalConstants.ElectronMass;

    // 4 pi N_A r_e^2 m_e^2, MeV^2 cm^2/mol.
    private const double Constant = 1000 * PhysicalConstants.BetheConstant * ElectronMass;

    // Thomas and Fermi's atom of Z = 1: alpha m_e / 0.885, MeV.
    private const double AtomicMomentum = PhysicalConstants.FineStructure * ElectronMass / 0.885;

    /// <summary>(chi_c p beta)^2 of nuclei per mm, MeV^2/mm: 0.157 Z^2/A times the density in g/cm2.</summary>
    public static double NuclearPower(Compound material) => Power(material, 2);

    /// <summary>The same of electrons: Z for Z^2.</summary>
    public static double ElectronicPower(Compound material) => Power(material, 1);

    /// <summary>(chi_a p)^2 without Moliere's factor of velocity: that of Thomas and Fermi's atom, its logarithm averaged over the scatters
    /// of the material's elements; MeV^2.</summary>
    public static double ScreeningSquared(Compound material) =>
        AtomicMomentum * AtomicMomentum * Math.Exp(2.0 / 3 * Average(material, element => Math.Log(element.Protons)));

    /// <summary>(alpha Z)^2, averaged over the scatters of the material's elements.</summary>
    public static double CouplingSquared(Compound material) =>
        PhysicalConstants.FineStructure * PhysicalConstants.FineStructure * Average(
        material, element => (double)element.Protons * element.Protons);

    /// <summary>Moliere's factor on (chi_a p)^2: 1.13 + 3.76 (alpha Z / beta)^2.</summary>
    public static double MoliereFactor(double couplingSquared, double velocitySquared) => 1.13 + (3.76 * couplingSquared / velocitySquared);

    /// <summary>Momentum that a proton gives to an electron at most, squared, MeV^2: 2 m_e T_max.</summary>
    public static double LargestElectronTransferSquared(double energy) => 2 * ElectronMass * ProtonStopping.LargestTransfer(energy);

    /// <summary>Momentum transfer in MeV beyond which the nucleus is no point: a dipole form factor.</summary>
    public const double NuclearTransfer = 150;
    /// <summary>Mean number of single scatters that are drawn one by one in each piece. Geant4's G4WentzelVIModel draws those with 1 - cos
    /// above 1.05 times the mean, which comes to this in light nuclei.</summary>
    public const double HardScatters = 0.057;

    /// <summary>The angle times momentum and velocity above which scatters are drawn one by one, for a strength in MeV^2.</summary>
    public static double Cut(double strength) => Math.Sqrt(strength / HardScatters);

    /// <summary>Standard deviation in a plane of the scatters below the cut, times momentum and velocity, MeV.</summary>
    /// <param name="strength">Strength of nuclei and electrons together, MeV^2.</param>
    /// <param name="electrons">The electrons' share of it.</param>
    /// <param name="screeningSquared">(chi_a p)^2, Moliere's factor included, MeV^2.</param>
    /// <param name="energy">Kinetic energy, MeV.</param>
    public static double Core(double strength, double electrons, double screeningSquared, double energy)
    {
        double cut = strength / HardScatters / ProtonKinematics.VelocitySquared(energy);
        double nuclear = Math.Max(Math.Log(cut / screeningSquared) - 1, 0);
        double electronic = Math.Max(Math.Log(Math.Min(cut, LargestElectronTransferSquared(energy)) / screeningSquared) - 1, 0);
        return Math.Sqrt(strength / 2 * (nuclear + (electrons * (electronic - nuclear))));
    }

    /// <summary>Slope b of nuclear elastic scattering in MeV^-2: squared momentum transfers follow exp(-b q^2). <em>Tuned</em>.</summary>
    public static double NuclearSlope(Element element, double energy) =>
        36e-6 * Math.Cbrt(element.MassNumber) * Math.Clamp(0.7 + (0.3 * (energy - 60) / 90), 0.7, 1);

    private static double Power(Compound material, int power) => Constant * material.Density * PhysicalConstants.GramPerCubicCentimetre
        * material.Parts.Sum(part => part.MassFraction * Math.Pow(part.Element.Protons, power) / part.Element.MassNumber);

    private static double Average(Compound material, Func<Element, double> value)
    {
        double weights = 0;
        double sum = 0;
        foreach ((Element element, double fraction) in material.Parts)
        {
            double weight = fraction * element.Protons * (element.Protons + 1) / element.MassNumber;
            weights += weight;
            sum += weight * value(element);
        }

        return sum / weights;
    }
}
