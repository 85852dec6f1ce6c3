namespace Sagitta.Tests.Physics.Protons;

public sealed class ProtonScatteringTests
{
    private static readonly TrackingCalorimeter _calorimeter = TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped);
    private static readonly Compound _aluminium = _calorimeter.Groups[1].Before[0].Material;

    [Fact]
    public void Strengths_are_Molieres()
    {
        // 0.157 Z^2/A and 0.157 Z/A MeV^2 cm2/g (Bethe, Phys. Rev. 89 (1953) 1256), per mm.
        Assert.Equal(0.1569 * 2.7 / 10 * 169 / 26.982, ProtonScattering.NuclearPower(_aluminium), 1e-4);
        Assert.Equal(0.1569 * 2.7 / 10 * 13 / 26.982, ProtonScattering.ElectronicPower(_aluminium), 1e-5);

        // Water: two of Z = 1 and one of Z = 8 in 18.015 g/mol.
        Assert.Equal(0.1569 / 10 * 66 / 18.015, ProtonScattering.NuclearPower(_calorimeter.Phantom), 1e-4);
        Assert.Equal(0.1569 / 10 * 10 / 18.015, ProtonScattering.ElectronicPower(_calorimeter.Phantom), 1e-5);
    }

    [Fact]
    public void Electrons_scatter_less_than_nuclei_of_the_same_strength()
    {
        double screening = 1.13 * ProtonScattering.ScreeningSquared(_aluminium);
        double none = ProtonScattering.Core(1, 0, screening, 180);
        double all = ProtonScattering.Core(1, 1, screening, 180);
        Assert.InRange(all / none, 0.7, 0.9);

        // Beyond the largest transfer a longer way adds nothing to the electrons' logarithm.
        Assert.Equal(2, ProtonScattering.Core(4, 1, screening, 180) / all, 1e-9);
        Assert.True(ProtonScattering.Core(4, 0, screening, 180) > 2 * none);
    }

    [Fact]
    public void Gaussian_and_single_scatters_together_have_the_width_of_the_screened_law()
    {
        // The same scatters one by one from chi = 0.02 of the Gaussian's cut on, below that a Gaussian: nearly the law itself.
        double strength = 4 * (ProtonScattering.NuclearPower(_aluminium) + ProtonScattering.ElectronicPower(_aluminium));
        double screening = 1.2 * ProtonScattering.ScreeningSquared(_aluminium);
        const double Energy = 150;
        double fine = Width(strength, screening, Energy, 4);
        double coarse = Width(strength, screening, Energy, ProtonScattering.HardScatters);
        Assert.InRange(coarse / fine, 0.98, 1.06);
    }

    // Half the central 68 % of projected angles times momentum and velocity, with so many scatters on average drawn one by one; electrons
    // left aside.
    private static double Width(double strength, double screeningSquared, double energy, double hard)
    {
        RandomDraws draws = RandomKey.FromSeed(1).Split("scatter").Draws();
        double cut = Math.Sqrt(strength / hard);
        double logarithm = Math.Log(strength / hard / ProtonKinematics.VelocitySquared(energy) / screeningSquared) - 1;
        double core = Math.Sqrt(strength / 2 * logarithm);
        double[] angles = new double[100_000];
        for (int i = 0; i < angles.Length; i++)
        {
            angles[i] = core * draws.NextGaussian();
            for (double at = -Math.Log(draws.NextUniform()); at < hard; at -= Math.Log(draws.NextUniform()))
            {
                angles[i] += cut / Math.Sqrt(draws.NextUniform()) * Math.Cos(2 * Math.PI * draws.NextUniform());
            }
        }

        Array.Sort(angles);
        return (angles[(int)(0.8413 * angles.Length)] - angles[(int)(0.1587 * angles.Length)]) / 2;
    }
}
