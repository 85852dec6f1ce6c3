namespace Sagitta.Tests.Physics.Propagation;

public sealed class CircleTrackTests
{
    [Theory]
    [InlineData(0.2)]
    [InlineData(-0.2)]
    [InlineData(0.01)]
    [InlineData(-1e-7)]
    public void Path_is_a_circle_through_its_start(double qOverPt)
    {
        CircleTrack track = CircleTrack.FromMomentum(12, 0.03, qOverPt, 1);
        double radius = 1 / track.Curvature;
        double centreY = 12 + (radius * Math.Sqrt(1 - (0.03 * 0.03)));
        double centreZ = -radius * 0.03;
        foreach (double z in new[] { 0, 100, 2000, 5080.0 })
        {
            double y = track.At(z);
            double distance = Math.Sqrt(((y - centreY) * (y - centreY)) + ((z - centreZ) * (z - centreZ)));
            Assert.Equal(Math.Abs(radius), distance, 1e-10 * Math.Abs(radius));
        }
    }

    [Fact]
    public void Straight_line_is_the_limit_without_curvature()
    {
        var line = new CircleTrack(5, 0.05, 0);
        Assert.Equal(5 + (5000 * 0.05 / Math.Sqrt(1 - (0.05 * 0.05))), line.At(5000), 1e-9);
        Assert.Equal(line.At(5000), new CircleTrack(5, 0.05, 1e-18).At(5000), 1e-9);
    }

    [Fact]
    public void Positive_charge_bends_towards_positive_y_by_the_known_amount()
    {
        // R = pT / 0.299792458 B and y = R - sqrt(R^2 - z^2): 5 GeV at 5080 mm.
        Assert.Equal(792.4843, CircleTrack.FromMomentum(0, 0, 1 / 5.0, 1).At(5080), 1e-3);
        Assert.Equal(-792.4843, CircleTrack.FromMomentum(0, 0, -1 / 5.0, 1).At(5080), 1e-3);
    }

    [Fact]
    public void A_circle_that_turns_back_has_no_y() =>
        Assert.True(double.IsNaN(CircleTrack.FromMomentum(0, 0, 1 / 0.5, 1).At(5080)));
}
