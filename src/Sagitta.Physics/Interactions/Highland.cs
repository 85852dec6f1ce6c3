namespace Sagitta.Physics.Interactions;

/// <summary>
/// Width of multiple Coulomb scattering: Highland's formula as fitted by Lynch and Dahl (Nucl. Instrum. Meth. B 58 (1991) 6; PDG,
/// "Passage of particles through matter", multiple scattering through small angles).
/// </summary>
internal static class Highland
{
    /// <summary>13.6 MeV in GeV.</summary>
    public const double Energy = 13.6e-3;

    /// <summary>Factor of the logarithm.</summary>
    public const double LogarithmFactor = 0.038;

    /// <summary>
    /// Standard deviation in rad of the angle in a plane after <paramref name="radiationLengths"/> of material, for a particle of
    /// charge 1, momentum in GeV and velocity beta; 0 without material.
    /// </summary>
    public static double Angle(double radiationLengths, double momentum, double beta) =>
        radiationLengths > 0
            ? Energy / (beta * momentum) * Math.Sqrt(radiationLengths) * (
                1 + (LogarithmFactor * Math.Log(radiationLengths / (beta * beta))))
            : 0;
}
