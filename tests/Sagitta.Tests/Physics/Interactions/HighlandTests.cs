namespace Sagitta.Tests.Physics.Interactions;

public sealed class HighlandTests
{
    [Fact]
    public void Angle_is_that_of_the_formula()
    {
        // 13.6 MeV / 1 GeV sqrt(0.01) (1 + 0.038 ln 0.01) = 1.122 mrad.
        Assert.Equal(1.36e-3 * (1 + (0.038 * Math.Log(0.01))), Highland.Angle(0.01, 1, 1), 1e-15);
        Assert.Equal(0, Highland.Angle(0, 1, 1));
    }

    [Fact]
    public void Angle_falls_with_momentum_and_velocity()
    {
        Assert.Equal(2, Highland.Angle(0.1, 1, 1) / Highland.Angle(0.1, 2, 1), 1e-12);
        Assert.True(Highland.Angle(0.1, 1, 0.5) > 2 * Highland.Angle(0.1, 1, 1));
    }
}
