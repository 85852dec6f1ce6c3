namespace Sagitta.Tests.Tracking.Fitting;

public sealed class CircleSeedTests
{
    private static readonly CircleGeometry Geometry = CircleGeometry.Of(ToyDetector.TwoStations);

    [Theory]
    [InlineData(0.04)]
    [InlineData(-0.3)]
    public void Parabola_is_exact_for_straight_tracks(double slope)
    {
        double[] y = Points(12, slope, 0);
        Assert.True(CircleSeed.TryParabola(Geometry.Z, y, Weights(), out double fitted, out double curvature));
        Assert.Equal(slope, fitted, 1e-13);
        Assert.Equal(0, curvature, 1e-17);
    }

    [Theory]
    [InlineData(50, 1)]
    [InlineData(50, -1)]
    [InlineData(500, 1)]
    [InlineData(500, -1)]
    public void Parabola_is_good_for_weakly_curved_tracks(double pt, int charge)
    {
        double curvature = charge / pt * Geometry.CurvaturePerQOverPt;
        Assert.True(CircleSeed.TryParabola(Geometry.Z, Points(-40, 0.02, curvature), Weights(), out double slope, out double fitted));

        // The neglected orders are of relative size (kappa z)^2 and s0 kappa z.
        Assert.Equal(curvature, fitted, 0.01 * Math.Abs(curvature));
        Assert.Equal(0.02, slope, 1e-4);
    }

    [Theory]
    [InlineData(2.5, 1)]
    [InlineData(2.5, -1)]
    [InlineData(4, 1)]
    [InlineData(10, -1)]
    [InlineData(50, 1)]
    [InlineData(50, -1)]
    public void Kasa_is_exact_for_points_on_a_circle(double pt, int charge)
    {
        double curvature = charge / pt * Geometry.CurvaturePerQOverPt;
        Assert.True(CircleSeed.TryKasa(Geometry.Z, Points(30, -0.03, curvature), Weights(), out double slope, out double fitted));
        Assert.Equal(curvature, fitted, 1e-7 * Math.Abs(curvature));
        Assert.Equal(-0.03, slope, 1e-7);
    }

    [Fact]
    public void Kasa_overestimates_the_curvature_of_noisy_arcs()
    {
        // The known bias: noise of variance sigma^2 pulls the circle together when the sagitta is not much larger than the noise.
        TrackSample sample = new(Geometry, 400, seed: 3, lowPt: 30, highPt: 31, noise: 3, missing: 0);
        double kasa = 0, parabola = 0;
        for (int e = 0; e < sample.Events; e++)
        {
            ReadOnlySpan<double> y = sample.Centroid.AsSpan(e * 16, 16);
            double truth = sample.Truth[(3 * e) + 2] * Geometry.CurvaturePerQOverPt;
            Assert.True(CircleSeed.TryKasa(Geometry.Z, y, Weights(), out _, out double fitted));
            kasa += fitted / truth / sample.Events;
            Assert.True(CircleSeed.TryParabola(Geometry.Z, y, Weights(), out _, out fitted));
            parabola += fitted / truth / sample.Events;
        }

        Assert.InRange(parabola, 0.98, 1.02);
        Assert.True(kasa > 1.1, $"kasa {kasa}, parabola {parabola}");
    }

    private static double[] Points(double y0, double slope, double curvature)
    {
        double[] y = new double[Geometry.PlaneCount];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = y0 + CircleTrack.Displacement(Geometry.Z[i], slope, curvature);
        }

        return y;
    }

    private static double[] Weights() => [1, 2, 3, 1, 1, 2, 0.5, 1, 1, 1, 0.1, 1, 2, 1, 0, 1];
}
