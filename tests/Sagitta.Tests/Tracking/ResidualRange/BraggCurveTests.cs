namespace Sagitta.Tests.Tracking.ResidualRange;

public sealed class BraggCurveTests
{
    private readonly BraggCurve _curve = new();

    [Fact]
    public void Follows_bragg_and_kleeman_far_from_the_end()
    {
        (double value, double first, double second) = _curve.LogDeposit(100);
        Assert.Equal(Math.Log(_curve.Scale) - (_curve.Power * Math.Log(100)), value, 1e-12);
        Assert.Equal(-_curve.Power / 100, first, 1e-12);
        Assert.Equal(_curve.Power / 10_000, second, 1e-12);
        Assert.Equal(329.8, _curve.Range(230), 0.1);
        Assert.Equal(150, _curve.Energy(_curve.Range(150)), 1e-9);
        Assert.Equal(0, _curve.Energy(-1));
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(-29.5)]
    [InlineData(-3)]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(29)]
    [InlineData(31)]
    public void Derivatives_are_those_of_the_value(double left)
    {
        const double Step = 1e-4;
        (double value, double first, double second) = _curve.LogDeposit(left);
        (double above, double firstAbove, _) = _curve.LogDeposit(left + Step);
        (double below, double firstBelow, _) = _curve.LogDeposit(left - Step);
        Assert.True(double.IsFinite(value));
        Assert.Equal((above - below) / (2 * Step), first, 1e-7);
        Assert.Equal((firstAbove - firstBelow) / (2 * Step), second, 1e-7);
    }

    [Fact]
    public void Layers_lie_as_deep_as_the_reference_sample_says()
    {
        double[] depths = LayerDepths.Of(TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped));

        // Its README: 1.49 mm of water a tracker layer, 8.20 a calorimeter layer, at 200 MeV.
        Assert.Equal(50, depths.Length);
        Assert.Equal(0, depths[0]);
        Assert.Equal(1.49, depths[1], 0.02);
        Assert.Equal(8.20, depths[11] - depths[10], 0.04);
        Assert.Equal(8.20, (depths[49] - depths[2]) / 47, 0.04);
    }
}
