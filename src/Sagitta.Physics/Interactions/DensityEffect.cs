namespace Sagitta.Physics.Interactions;

/// <summary>
/// Density-effect correction of Bethe's formula: Sternheimer's form with the general parameters of Sternheimer and Peierls (Phys. Rev.
/// B 3 (1971) 3681), which need only the mean excitation energy and the plasma energy.
/// </summary>
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
