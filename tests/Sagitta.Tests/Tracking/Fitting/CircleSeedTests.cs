namespace Sagitta.Tests.Tracking.Fitting;

public sealed unsafe class CircleSeedTests
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

    [Theory]
    [InlineData(2.5)]
    [InlineData(40)]
    public void Seeds_in_lanes_are_those_of_each_event(double pt)
    {
        const int Lanes = 4;
        TrackSample sample = new(Geometry, Lanes, seed: 5, lowPt: pt, highPt: 1.2 * pt, noise: 3);
        int planes = Geometry.PlaneCount;
        double* z = stackalloc double[planes];
        double* y = stackalloc double[Lanes * planes];
        double* weights = stackalloc double[Lanes * planes];
        Geometry.Z.CopyTo(new Span<double>(z, planes));
        for (int k = 0; k < Lanes * planes; k++)
        {
            int place = (k % planes * Lanes) + (k / planes);
            y[place] = sample.Centroid[k];
            weights[place] = sample.Presence[k] / (sample.Sigma[k] * sample.Sigma[k]);
        }

        CircleLanes<Lanes256<double>> parabola = SeedLanes<Lanes256<double>>.Parabola(planes, z, y, weights);
        CircleLanes<Lanes256<double>> kasa = SeedLanes<Lanes256<double>>.Kasa(planes, z, y, weights);
        for (int e = 0; e < Lanes; e++)
        {
            double[] own = [.. Enumerable.Range(0, planes).Select(i => weights[(i * Lanes) + e])];
            double[] points = sample.Centroid[(e * planes)..((e + 1) * planes)];
            Assert.True(CircleSeed.TryParabola(Geometry.Z, points, own, out double slope, out double curvature));
            IsSeed(parabola, e, slope, curvature);

            // The mean of what the parabola leaves is 0: at the mean of z it lies half its curvature times their variance below that of y.
            double sum = own.Sum();
            double meanZ = own.Select((w, i) => w * Geometry.Z[i]).Sum() / sum;
            double meanY = own.Select((w, i) => w * points[i]).Sum() / sum;
            double variance = own.Select((w, i) => w * (Geometry.Z[i] - meanZ) * (Geometry.Z[i] - meanZ)).Sum() / sum;
            double sine = slope + (curvature * meanZ);
            double quadratic = curvature / 2 / Math.Pow(1 - (sine * sine), 1.5);
            Assert.Equal(meanY - (quadratic * variance), Of(parabola.Y0, e) + CircleTrack.Displacement(meanZ, slope, curvature), 1e-8);
            Assert.True(CircleSeed.TryKasa(Geometry.Z, points, own, out slope, out curvature));
            IsSeed(kasa, e, slope, curvature);
            Assert.Equal(meanY - (curvature / 2 * variance), Of(kasa.Y0, e) + CircleTrack.Displacement(meanZ, slope, curvature), 1e-8);
        }

        static void IsSeed(CircleLanes<Lanes256<double>> circle, int lane, double slope, double curvature)
        {
            Assert.Equal(curvature, Of(circle.Curvature, lane), 1e-9 * Math.Abs(curvature));
            Assert.Equal(slope, Of(circle.Slope, lane), 1e-9);
        }

        static double Of(Lanes256<double> numbers, int lane)
        {
            double* all = stackalloc double[Lanes];
            Lanes256<double>.Store(numbers, all);
            return all[lane];
        }
    }

    [Theory]
    [InlineData(2.5, true)]
    [InlineData(60, false)]
    public void A_descent_begins_from_the_seed_that_fits_better(double pt, bool isKasa)
    {
        const int Events = 20;
        TrackSample sample = new(Geometry, Events, seed: 6, lowPt: pt, highPt: 1.5 * pt, noise: 1);
        int planes = Geometry.PlaneCount;
        double[] planeZ = [.. Enumerable.Range(0, planes).Select(i => 3 * Math.Sin(i))];
        double[] planeY = [.. Enumerable.Range(0, planes).Select(i => 2 * Math.Cos(2 * i))];
        double[] z = [.. planeZ.Select((shift, i) => Geometry.Z[i] + shift)];
        using Tape<double> tape = new();
        int[] inputs = [tape.Constant(sample.Centroid, Events, planes).LiveIndex, tape.Constant(sample.Sigma, Events, planes).LiveIndex,
            tape.Constant(sample.Presence, Events, planes).LiveIndex, tape.Constant(planeZ, 1, planes).LiveIndex,
            tape.Constant(planeY, 1, planes).LiveIndex];
        int kasas = 0;
        for (int e = 0; e < Events; e++)
        {
            double[] y = [.. planeY.Select((shift, i) => sample.Centroid[(e * planes) + i] + shift)];
            double[] weights = [.. Enumerable.Range(e * planes, planes)
                .Select(k => sample.Presence[k] / (sample.Sigma[k] * sample.Sigma[k]))];
            (double Sum, double[] Track) Seed(double slope, double curvature)
            {
                double[] left = [.. y.Select((place, i) => place - CircleTrack.Displacement(z[i], slope, curvature))];
                double mean = left.Select((r, i) => weights[i] * r).Sum() / weights.Sum();
                return (left.Select((r, i) => weights[i] * (r - mean) * (r - mean)).Sum(),
                    [mean, slope, curvature / Geometry.CurvaturePerQOverPt]);
            }

            Assert.True(CircleSeed.TryParabola(z, y, weights, out double slope, out double curvature));
            (double Sum, double[] Track) parabola = Seed(slope, curvature);
            (double Sum, double[] Track) kasa = CircleSeed.TryKasa(z, y, weights, out slope, out curvature) ? Seed(slope, curvature)
                : (double.PositiveInfinity, []);
            kasas += kasa.Sum < parabola.Sum ? 1 : 0;
            double[] begun = new double[3];
            Assert.Equal(SolveStatus.Converged, new CircleProblem(Geometry, Events, new()).Start(e, new(tape, inputs), begun));
            Assert.All(begun.Zip(kasa.Sum < parabola.Sum ? kasa.Track : parabola.Track), pair =>
                Assert.Equal(pair.Second, pair.First, 1e-9 * Math.Abs(pair.Second)));
        }

        Assert.InRange(kasas, isKasa ? 1 : 0, isKasa ? Events : Events - 1);
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
