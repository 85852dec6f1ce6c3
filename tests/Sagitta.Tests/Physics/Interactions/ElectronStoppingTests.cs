namespace Sagitta.Tests.Physics.Interactions;

public sealed class ElectronStoppingTests
{
    private static readonly Material _air = DetectorFile.Load("toy16").Materials["air"];

    // ICRU 37 / NIST ESTAR for dry air: collision plus radiative stopping power in MeV cm2/g.
    [Theory]
    [InlineData(10, 19.76)]
    [InlineData(100, 3.637)]
    [InlineData(1000, 1.674)]
    [InlineData(10000, 2.160)]
    public void Stopping_power_of_air_is_the_tabulated_one(double energy, double expected)
    {
        double found = new ElectronStopping(_air).Loss(energy) / 1000 * 10 / _air.Density;
        Assert.Equal(1, found / expected, 0.04);
    }

    // The same tables: range in g/cm2 of continuous slowing down.
    [Theory]
    [InlineData(10, 2.884e-4)]
    [InlineData(100, 1.623e-2)]
    [InlineData(1000, 0.4912)]
    public void Range_in_air_is_the_tabulated_one(double energy, double expected)
    {
        var stopping = new ElectronStopping(_air);
        Assert.Equal(1, stopping.Range(energy) / 10 * _air.Density / expected, 0.05);
        Assert.Equal(energy, stopping.EnergyOfRange(stopping.Range(energy)), 0.01 * energy);
    }

    [Fact]
    public void Soft_loss_is_a_part_of_the_whole()
    {
        var stopping = new ElectronStopping(_air);
        for (double energy = 1; energy < 1e6; energy *= 1.7)
        {
            Assert.InRange(stopping.SoftLoss(energy) / stopping.Loss(energy), 0.2, 1);
        }
    }
}
