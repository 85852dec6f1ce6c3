namespace Sagitta.Tests.Tracking.Fitting;

public sealed class CircleFitTests
{
    private static readonly CircleGeometry Geometry = CircleGeometry.Of(ToyDetector.TwoStations);
    private static readonly int Planes = Geometry.PlaneCount;

    [Fact]
    public void Fit_returns_the_circle_it_was_given()
    {
        TrackSample sample = new(Geometry, 300, seed: 1, lowPt: 2.2, highPt: 1e5, noise: 0);
        using Tape<double> tape = new(recording: false);
        ImplicitSolution fit = Fit(tape, sample);
        for (int e = 0; e < sample.Events; e++)
        {
            Assert.Equal(SolveStatus.Converged, fit.Statuses[e]);
            Assert.Equal(sample.Truth[3 * e], fit.Value.Values[3 * e], 1e-8);
            Assert.Equal(sample.Truth[(3 * e) + 1], fit.Value.Values[(3 * e) + 1], 1e-11);
            Assert.Equal(sample.Truth[(3 * e) + 2], fit.Value.Values[(3 * e) + 2], 1e-10);
        }
    }

    [Fact]
    public void Gradient_of_the_objective_is_at_rounding_level()
    {
        TrackSample sample = new(Geometry, 300, seed: 2);
        using Tape<double> tape = new(recording: false);
        ImplicitSolution fit = Fit(tape, sample);
        for (int e = 0; e < sample.Events; e++)
        {
            Assert.Equal(SolveStatus.Converged, fit.Statuses[e]);
            double g0 = 0, g1 = 0, g2 = 0, scale0 = 0, scale1 = 0, scale2 = 0;
            for (int i = 0; i < Planes; i++)
            {
                int k = (e * Planes) + i;
                ReadOnlySpan<double> theta = fit.Value.Values.Slice(3 * e, 3);
                CirclePoint.TryEvaluate(Geometry.Z[i], theta[1], theta[2] * Geometry.CurvaturePerQOverPt, out CirclePoint q);
                double w = sample.Presence[k] / (sample.Sigma[k] * sample.Sigma[k]);
                double r = theta[0] + q.Y - sample.Centroid[k];

                // What rounding of the terms of r leaves in each component.
                double noise = w * (Math.Abs(theta[0]) + Math.Abs(q.Y) + Math.Abs(sample.Centroid[k]));
                g0 += w * r;
                g1 += w * r * q.BySlope;
                g2 += w * r * q.ByCurvature;
                scale0 += noise;
                scale1 += noise * q.BySlope;
                scale2 += noise * q.ByCurvature;
            }

            Assert.True(Math.Abs(g0) < 1e-14 * scale0 && Math.Abs(g1) < 1e-14 * scale1
                && Math.Abs(g2) < 1e-14 * scale2, $"event {e}: {g0 / scale0:E2} {g1 / scale1:E2} {g2 / scale2:E2}");
        }
    }

    [Theory]
    [InlineData(3, 10, 0.1)]
    [InlineData(50, 100, 0.1)]
    [InlineData(1e5, 1e7, 0.3)]
    public void Implicit_gradient_agrees_with_differences(double lowPt, double highPt, double missing)
    {
        TrackSample sample = new(Geometry, 3, seed: 5, lowPt, highPt, noise: 2, missing);
        double[] planeZ = Enumerable.Range(0, Planes).Select(i => 0.3 * Math.Sin(i)).ToArray();
        double[] planeY = Enumerable.Range(0, Planes).Select(i => 0.1 * Math.Cos(3 * i)).ToArray();
        CircleFit fit = new(Geometry);
        FiniteDifferences.Check(
            [sample.Centroid, sample.Sigma, sample.Presence, planeZ, planeY],
            [(3, Planes), (3, Planes), (3, Planes), (1, Planes), (1, Planes)],
            [2, 0.01, 1e-3, 1, 2],
            (tape, x) => TrackFunction.Of(fit.Apply(x[0], x[1], x[2], new PlaneShifts(x[3], x[4])).Value));
    }

    [Fact]
    public void Failed_events_have_a_status_a_finite_value_and_no_gradient()
    {
        TrackSample sample = new(Geometry, 5, seed: 7, missing: 0);
        sample.Presence.AsSpan(0, Planes).Clear();
        sample.Presence.AsSpan(Planes + 2, Planes - 2).Clear();
        sample.Centroid[(2 * Planes) + 3] = double.NaN;
        sample.Sigma[(3 * Planes) + 3] = 0;
        using Tape<double> tape = new();
        Tensor<double> centroid = tape.Leaf(sample.Centroid, 5, Planes);
        Tensor<double> sigma = tape.Leaf(sample.Sigma, 5, Planes);
        Tensor<double> presence = tape.Leaf(sample.Presence, 5, Planes);
        ImplicitSolution fit = new CircleFit(Geometry).Apply(centroid, sigma, presence);
        Assert.Equal([SolveStatus.TooFewPlanes, SolveStatus.TooFewPlanes, SolveStatus.OutOfRange, SolveStatus.OutOfRange,
            SolveStatus.Converged], fit.Statuses.ToArray());
        Tensor<double> loss = CurvatureLoss.Apply(fit.Value, fit.Statuses, [0.1, 0.1, 0.1, 0.1, sample.Truth[14] + 1e-3],
            [0.001, 0.001, 0.001, 0.001, 0.001], new RobustFunction.GemanMcClure());
        Assert.Equal([12.5, 12.5, 12.5, 12.5], loss.Values[..4].ToArray());
        tape.Backward(WeightedSum.Of([1], loss));
        foreach (Tensor<double> leaf in (Tensor<double>[])[centroid, sigma, presence])
        {
            Assert.All(leaf.Gradient.ToArray(), value => Assert.True(double.IsFinite(value)));
            Assert.All(leaf.Gradient[..(4 * Planes)].ToArray(), value => Assert.Equal(0, value));
            Assert.Contains(leaf.Gradient[(4 * Planes)..].ToArray(), value => value != 0);
        }
    }

    [Fact]
    public void A_batch_without_events_is_nothing()
    {
        using Tape<double> tape = new();
        Tensor<double> empty = tape.Leaf([], 0, Planes);
        ImplicitSolution fit = new CircleFit(Geometry).Apply(empty, empty, empty);
        Assert.Equal(0, fit.Value.Rows);
        Assert.Equal(0, fit.Statuses.Length);
    }

    [Fact]
    public void Wrong_shapes_are_named()
    {
        using Tape<double> tape = new();
        Tensor<double> narrow = tape.Leaf(new double[5], 1, 5);
        ArgumentException error = Assert.Throws<ArgumentException>(() => new CircleFit(Geometry).Apply(narrow, narrow, narrow));
        Assert.Contains("16 planes", error.Message, StringComparison.Ordinal);
    }

    private static ImplicitSolution Fit(Tape<double> tape, TrackSample sample) => new CircleFit(Geometry).Apply(
        tape.Constant(sample.Centroid, sample.Events, Planes),
        tape.Constant(sample.Sigma, sample.Events, Planes),
        tape.Constant(sample.Presence, sample.Events, Planes));
}
