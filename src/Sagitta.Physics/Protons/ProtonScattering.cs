namespace Sagitta.Physics.Protons;

/// <summary>
/// Multiple and single Coulomb scattering of protons by the screened Rutherford law, with angles times momentum and velocity, in MeV (Moliere;
/// Bethe, Phys. Rev. 89 (1953) 1256): scatters above a cut are drawn one by one, those below make a Gaussian, whose logarithm is that of Highland's formula.
/// </summary>
public static class ProtonScattering
{
    /// <summary>
    /// (chi_c p beta)^2 per radiation length, MeV^2: pi m_e^2 / alpha / ln(184.15 Z^(-1/3)), since the radiation length carries the same Z (Z + 1)/A
    /// (PDG, radiation length). 25.8 for aluminium.
    /// </summary>
    public static double Strength(Compound material) => 112.4 / Math.Log(184.15 / Math.Cbrt(material.MeanProtons));

    /// <summary>chi_a p, MeV: Moliere's screening angle, 1.13 times that of Thomas and Fermi's atom.</summary>
    public static double Screening(Compound material) => 0.00450 * Math.Cbrt(material.MeanProtons);

    /// <summary>Momentum transfer in MeV beyond which the nucleus is no point: a dipole form factor.</summary>
    public const double NuclearTransfer = 150;

    /// <summary>Mean number of single scatters that are drawn one by one in each step.</summary>
    public const double HardScatters = 0.2;

    /// <summary>The angle times momentum and velocity above which scatters are drawn one by one, for a strength in MeV^2.</summary>
    public static double Cut(double strength) => Math.Sqrt(strength / HardScatters);

    /// <summary>Standard deviation in a plane of the scatters below the cut, times momentum and velocity, for a strength in MeV^2 and a screening in MeV.</summary>
    public static double Core(double strength, double screening)
    {
        double logarithm = Math.Log(strength / HardScatters / (screening * screening)) - 1;
        return Math.Sqrt(strength / 2 * Math.Max(logarithm, 0));
    }

    /// <summary>Slope b of nuclear elastic scattering in MeV^-2: squared momentum transfers follow exp(-b q^2). <em>Tuned</em>.</summary>
    public static double NuclearSlope(Element element, double energy) =>
        36e-6 * Math.Cbrt(element.MassNumber) * Math.Clamp(0.7 + (0.3 * (energy - 60) / 90), 0.7, 1);
}
