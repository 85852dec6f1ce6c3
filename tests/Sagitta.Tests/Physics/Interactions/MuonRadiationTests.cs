namespace Sagitta.Tests.Physics.Interactions;

public sealed class MuonRadiationTests
{
    /// <summary>Review of Particle Physics, "Cosmic rays": loss of muons in standard rock (Z = 11, A = 22), b in 1e-6 cm2/g.</summary>
    [Theory]
    [InlineData(10, 0.70, 0.70)]
    [InlineData(100, 1.10, 1.53)]
    [InlineData(1000, 1.44, 2.07)]
    public void Losses_in_standard_rock_are_the_published_ones(double energy, double bremsstrahlung, double pairs)
    {
        Assert.Equal(1, Loss(v => MuonRadiation.Bremsstrahlung(11, 22, energy, v), 1e-9) / bremsstrahlung, 0.05);
        Assert.Equal(1, Loss(v => MuonRadiation.Pairs(11, 22, energy, v), 4 * PhysicalConstants.ElectronMass / energy) / pairs, 0.05);

        double Loss(Func<double, double> spectrum, double low)
        {
            const int Steps = 2000;
            double ratio = Math.Log(MuonRadiation.LargestFraction(11, energy) / low) / Steps;
            return 1e6 * Enumerable.Range(0, Steps).Select(i => low * Math.Exp(ratio * (i + 0.5))).Sum(v => spectrum(v) * v * v * ratio);
        }
    }

    [Fact]
    public void A_materials_charge_follows_from_its_radiation_length()
    {
        Detector toy16 = DetectorFile.Load("toy16");
        Assert.Equal(7.3, MuonRadiation.EffectiveCharge(toy16.Materials["air"]), 0.3);
        Assert.Equal(13, MuonRadiation.EffectiveCharge(toy16.Materials["AlHoneycomb"]), 0.4);
    }

    [Fact]
    public void What_is_drawn_has_the_number_and_the_energies_of_the_spectrum()
    {
        Material rock = new() { Density = 2.65, RadiationLength = 100, ProtonsPerNucleon = 0.5 };
        MuonRadiation radiation = new(rock);
        double charge = MuonRadiation.EffectiveCharge(rock);
        const double Momentum = 100;
        double low = MuonRadiation.Lowest / Momentum;
        double ratio = Math.Log(MuonRadiation.LargestFraction(charge, Momentum) / low) / 2000;
        (double number, double energy) = (0, 0);
        for (int i = 0; i < 2000; i++)
        {
            double v = low * Math.Exp(ratio * (i + 0.5));
            double part = MuonRadiation.Pairs(charge, 2 * charge, Momentum, v) * v * ratio * 0.265;
            number += part;
            energy += part * Math.Sqrt(v * Momentum);
        }

        Assert.Equal(1, radiation.PerLength(Momentum).Pairs / number, 0.01);

        // Quantiles end with the largest energy, whose mean a table of few would miss; its root's it does not.
        const int Draws = 20_000;
        double drawn = Enumerable.Range(0, Draws).Sum(i => Math.Sqrt(radiation.Energy(true, Momentum, (i + 0.5) / Draws, 0.5)));
        Assert.Equal(1, drawn / Draws / (energy / number), 0.02);
    }
}
