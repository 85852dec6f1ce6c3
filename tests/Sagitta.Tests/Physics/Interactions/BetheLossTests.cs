namespace Sagitta.Tests.Physics.Interactions;

public sealed class BetheLossTests
{
    private static readonly Material _aluminium = new(
        )
    { Name = "Al", Density = 2.699, RadiationLength = 88.97, ProtonsPerNucleon = 0.48181, MeanExcitationEnergy = 166 };
    private static readonly Material _air = DetectorFile.Load("toy16").Materials["air"];

    [Fact]
    public void Minimum_ionisation_is_the_tabulated_one()
    {
        // PDG, atomic and nuclear properties: 1.615 MeV cm2/g in aluminium, 1.815 in air.
        Assert.Equal(1, Minimum(_aluminium) / 1.615, 0.02);
        Assert.Equal(1, Minimum(_air) / 1.815, 0.02);
    }

    [Fact]
    public void Density_effect_goes_over_into_its_limit()
    {
        double plasma = 28.816 * Math.Sqrt(_aluminium.Density * _aluminium.ProtonsPerNucleon);
        double limit = (2 * Math.Log(plasma / _aluminium.MeanExcitationEnergy)) + (2 * Math.Log(1e5)) - 1;
        Assert.Equal(limit, DensityEffect.Delta(_aluminium, 1e5), 1e-9);
        Assert.Equal(0, DensityEffect.Delta(_air, 10));
        Assert.InRange(DensityEffect.Delta(_air, 300), 0.1, 3);
    }

    [Fact]
    public void Restricted_loss_goes_over_into_the_whole_one()
    {
        double largest = BetheLoss.LargestTransfer(10 / PhysicalConstants.MuonMass, BetheLoss.Velocity(10).Gamma);
        Assert.Equal(BetheLoss.Mean(_aluminium, 10), BetheLoss.Restricted(_aluminium, 10, largest), 1e-15);
        Assert.True(BetheLoss.Restricted(_aluminium, 10, 1e-6) < BetheLoss.Mean(_aluminium, 10));
    }

    private static double Minimum(Material material)
    {
        double least = double.PositiveInfinity;
        for (double momentum = 0.1; momentum < 2; momentum *= 1.05)
        {
            least = Math.Min(least, BetheLoss.Mean(material, momentum) * 1000 * 10 / material.Density);
        }

        return least;
    }
}
