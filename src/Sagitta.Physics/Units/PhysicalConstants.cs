namespace Sagitta.Physics.Units;

/// <summary>Constants in the units of the program: lengths mm, momenta and energies GeV, fields T, charges e, times ns; deposits alone are
/// in keV. Values: Particle Data Group, Review of Particle Physics 2024, tables of physical constants and of leptons.</summary>
internal static class PhysicalConstants
{
    /// <summary>Curvature in 1/mm of a particle of charge 1 and pT = 1 GeV in a field of 1 T (c in units of 1e12 m/s).</summary>
    public const double CurvaturePerTesla = 0.299792458e-3;
    /// <summary>Speed of light, mm/ns.</summary>
    public const double SpeedOfLight = 299.792458;
    /// <summary>Muon mass, GeV.</summary>
    public const double MuonMass = 0.1056583755;
    /// <summary>Proton mass, GeV.</summary>
    public const double ProtonMass = 0.93827208816;
    /// <summary>Electron mass, GeV.</summary>
    public const double ElectronMass = 0.51099895e-3;
    /// <summary>Fine-structure constant.</summary>
    public const double FineStructure = 1 / 137.036;
    /// <summary>One keV in GeV.</summary>
    public const double KiloElectronVolt = 1e-6;
    /// <summary>K = 4 pi N_A r_e^2 m_e c^2 in GeV mm2/g, the constant of Bethe's formula (0.307075 MeV cm2/mol).</summary>
    public const double BetheConstant = 0.307075e-3 * 100;
    /// <summary>Density of 1 g/cm3 in g/mm3.</summary>
    public const double GramPerCubicCentimetre = 1e-3;
}
