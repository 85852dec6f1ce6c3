namespace Sagitta.Physics.Interactions;

/// <summary>Multiple and single Coulomb scattering from the screened Rutherford law, in material given by radiation lengths t.</summary>
/// <remarks>The mean number of scatters by more than an angle theta in space is chi_c^2/theta^2 (Moliere; Bethe, Phys. Rev. 89 (1953)
/// 1256), with (chi_c p beta)^2 = Strength t: since 1/X0 carries the same Z (Z + 1)/A, Strength depends on Z by a logarithm only (23.8
/// MeV^2 at Z = 7, 25.4 at Z = 13). The value here is tuned on the angles between consecutive planes of the Geant4 reference sample's
/// events below 10,000, whose single scatters are on nuclei alone. Screening begins at chi_a = Screening/p, Moliere's for Z = 7. Scatters
/// above a cut are drawn one by one; those below make a Gaussian of variance chi_c^2/2 (ln(cut^2/chi_a^2) - 1), where the logarithm of
/// Highland's formula comes from.</remarks>
internal static class CoulombScattering
{
    /// <summary>(chi_c p beta)^2 per radiation length, GeV^2.</summary>
    public const double Strength = 23e-6;
    /// <summary>chi_a p in GeV: Moliere's screening angle for Z = 7.</summary>
    public const double Screening = 8.6e-6;
    /// <summary>Momentum transfer in GeV beyond which the nucleus is no point: a dipole form factor of about the radius of
    /// silicon.</summary>
    public const double NuclearTransfer = 0.15;
    /// <summary>Mean number of single scatters that are drawn one by one in each stretch of material.</summary>
    public const double HardScatters = 0.5;

    /// <summary>The angle in rad above which scatters are drawn one by one, times p beta in GeV.</summary>
    public static double CutTimesMomentum(double radiationLengths) => Math.Sqrt(Strength * radiationLengths / HardScatters);

    /// <summary>Standard deviation in a plane of the scatters below the cut, rad times p beta in GeV.</summary>
    public static double CoreTimesMomentum(double radiationLengths)
    {
        double strength = Strength * radiationLengths;
        double logarithm = Math.Log(strength / HardScatters / (Screening * Screening)) - 1;
        return Math.Sqrt(strength / 2 * Math.Max(logarithm, 0));
    }
}

/// <summary>Width of multiple Coulomb scattering: Highland's formula as fitted by Lynch and Dahl (Nucl. Instrum. Meth. B 58 (1991) 6; PDG,
/// "Passage of particles through matter", multiple scattering through small angles).</summary>
internal static class Highland
{
    /// <summary>13.6 MeV in GeV.</summary>
    public const double Energy = 13.6e-3;
    /// <summary>Factor of the logarithm.</summary>
    public const double LogarithmFactor = 0.038;

    /// <summary>Standard deviation in rad of the angle in a plane after <paramref name="radiationLengths"/> of material, for a particle of
    /// charge 1, momentum in GeV and velocity beta; 0 without material.</summary>
    public static double Angle(double radiationLengths, double momentum, double beta) =>
        radiationLengths > 0
            ? Energy / (beta * momentum) * Math.Sqrt(radiationLengths) * (
                1 + (LogarithmFactor * Math.Log(radiationLengths / (beta * beta))))
            : 0;
}
