namespace Sagitta.Tests.Physics.Protons;

public sealed class RangeTableTests
{
    private static readonly TrackingCalorimeter _calorimeter = TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped);

    [Theory]
    [InlineData(100, 7.289)]
    [InlineData(150, 5.445)]
    [InlineData(200, 4.492)]
    public void Loss_in_water_is_that_of_the_tables(double energy, double table)
    {
        // PSTAR, MeV cm2/g, for I = 75 eV; 78 eV gives 0.4 % less.
        Compound water = _calorimeter.Phantom with { MeanExcitationEnergy = 75 };
        Assert.Equal(1, ProtonStopping.Loss(water, energy) * 10 / table, 0.003);
    }

    [Theory]
    [InlineData(230, 330.7)]
    [InlineData(200, 260.6)]
    [InlineData(150, 158.3)]
    [InlineData(100, 77.45)]
    public void Range_in_water_is_that_of_the_reference_sample(double energy, double range)
    {
        RangeTable table = new([new(_calorimeter.Phantom, 1)]);
        Assert.Equal(1, table.Range(energy) / range, 0.003);
    }

    [Fact]
    public void Energy_inverts_range()
    {
        RangeTable table = new([new(_calorimeter.Groups[1].Before[0].Material, 3.5), new(_calorimeter.Medium, 2)]);
        // Below 2 MeV the nodes are some keV off, which is less than a tenth of a micrometre.
        for (double energy = 2; energy < 290; energy *= 1.1)
        {
            Assert.Equal(energy, table.Energy(table.Range(energy)), 2e-3);
        }

        Assert.Equal(0, table.Energy(-1));
        Assert.Equal(0, table.Energy(0));
    }

    [Fact]
    public void Restricted_loss_grows_to_the_whole_one()
    {
        Compound silicon = _calorimeter.Groups[1].Sensitive.Material;
        double whole = ProtonStopping.Loss(silicon, 150);
        Assert.True(ProtonStopping.Restricted(silicon, 150, 0.01) < ProtonStopping.Restricted(silicon, 150, 0.1));
        Assert.Equal(whole, ProtonStopping.Restricted(silicon, 150, ProtonStopping.LargestTransfer(150)), 1e-12);
    }
}
