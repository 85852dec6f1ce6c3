namespace Sagitta.Tests.Tracking.Fitting;

public sealed class RobustFitTests
{
    private static readonly CircleGeometry Geometry = CircleGeometry.Of(ToyDetector.TwoStations);
    private static readonly int Planes = Geometry.PlaneCount;

    [Fact]
    public void Gradients_of_fit_and_presences_agree_with_differences()
    {
        TrackSample sample = new(Geometry, 2, seed: 61, lowPt: 8, highPt: 80, noise: 1, missing: 0);
        sample.Centroid[4] += 1.5;
        CircleFit first = new(Geometry);
        RobustFit robust = new(Geometry);
        FiniteDifferences.Check(
            [sample.Centroid, sample.Sigma, sample.Presence, new double[Planes], new double[Planes]],
            [(2, Planes), (2, Planes), (2, Planes), (1, Planes), (1, Planes)],
            [0.02, 5e-3, 0.05, 0.1, 0.02],
            (tape, x) =>
            {
                PlaneShifts shifts = new(x[3], x[4]);
                ImplicitSolution track = robust.Apply(x[0], x[1], x[2], shifts, first.Apply(x[0], x[1], x[2], shifts).Value);
                Tensor<double> presence = OutlierPresence.Apply(
                    Geometry, robust.Robust, track.Value, track.Statuses, x[0], x[1], x[2], shifts);
                return TrackFunction.Of(first.Apply(x[0], x[1], presence, shifts).Value);
            });
    }

    [Fact]
    public void Presence_is_lowered_by_the_distance_in_errors_and_scattering()
    {
        // Planes 3 errors away, at a bound of 3: (9 / (9 + 9))^2 of 0.8; and the same with scattering of 4 mm GeV at 10 GeV.
        using Tape<double> tape = new();
        RobustFitOptions options = new() { OutlierPull = 3, Scattering = 4 };
        double factor = Geometry.CurvaturePerQOverPt;
        foreach (double q in new[] { 0, 0.1, -0.1 })
        {
            double variance = 0.25 + (16 * q * q);
            double[] centroid = [.. Enumerable.Range(0, Planes).Select(i => 2 - (i % 2 == 0 ? 3 : -3) * Math.Sqrt(variance)
                + CircleTrack.Displacement(Geometry.Z[i] + 1, 0.01, q * factor) - 0.3)];
            Tensor<double> presence = OutlierPresence.Apply(Geometry, options, tape.Constant([2, 0.01, q], 1, 3), [SolveStatus.Converged],
                tape.Constant(centroid, 1, Planes), tape.Constant(Enumerable.Repeat(0.5, Planes).ToArray(), 1, Planes),
                tape.Constant(Enumerable.Repeat(0.8, Planes).ToArray(), 1, Planes), new(
                    tape.Constant(Enumerable.Repeat(1.0, Planes).ToArray(), 1, Planes),
                    tape.Constant(Enumerable.Repeat(0.3, Planes).ToArray(), 1, Planes)));
            Assert.All(presence.Values.ToArray(), value => Assert.Equal(0.2, value, 1e-9));
        }
    }

    [Fact]
    public void Outliers_hardly_move_the_track()
    {
        const int Events = 200;
        TrackSample sample = new(Geometry, Events, seed: 62, noise: 1, missing: 0);
        double clean = Error(sample, lower: false);
        for (int e = 0; e < Events; e++)
        {
            sample.Centroid[(e * Planes) + (e % Planes)] += 20;
        }

        double plain = Error(sample, lower: false);
        double robust = Error(sample, lower: true);
        Assert.True(plain > 10 * clean && robust < 1.5 * clean, $"clean {clean:E2}, with outliers {plain:E2}, robust {robust:E2}");
    }

    [Fact]
    public void Without_outliers_little_is_lost_and_failed_tracks_change_nothing()
    {
        TrackSample sample = new(Geometry, 200, seed: 63, noise: 1, missing: 0);
        Assert.True(Error(sample, lower: true) < 1.1 * Error(sample, lower: false));
        using Tape<double> tape = new();
        Tensor<double> some = tape.Leaf(Enumerable.Repeat(0.5, Planes).ToArray(), 1, Planes);
        Tensor<double> presence = OutlierPresence.Apply(
            Geometry, new(), tape.Leaf([0, 0, 0], 1, 3), [SolveStatus.TooFewPlanes], some, some, some, PlaneShifts.None(tape, Planes));
        Assert.All(presence.Values.ToArray(), value => Assert.Equal(0.5, value));
    }

    [Fact]
    public void Planes_that_a_track_does_not_reach_stay_as_present_as_they_are()
    {
        using Tape<double> tape = new();
        double steep = 0.9 / (Geometry.CurvaturePerQOverPt * Geometry.Z[8]);
        Tensor<double> presence = OutlierPresence.Apply(Geometry, new(), tape.Constant([0, 0.2, steep], 1, 3), [SolveStatus.Converged],
            tape.Constant(new double[Planes], 1, Planes), tape.Constant(Enumerable.Repeat(0.1, Planes).ToArray(), 1, Planes),
            tape.Constant(Enumerable.Repeat(0.7, Planes).ToArray(), 1, Planes), PlaneShifts.None(tape, Planes));
        Assert.All(presence.Values[..8].ToArray(), value => Assert.True(value < 1e-3));
        Assert.All(presence.Values[8..].ToArray(), value => Assert.Equal(0.7, value));
    }

    [Theory]
    [InlineData(4, SolveStatus.TooFewPlanes)]
    [InlineData(3, SolveStatus.Converged)]
    public void Planes_that_are_present_are_counted(int needed, SolveStatus expected)
    {
        TrackSample sample = new TrackSample(Geometry, 1, seed: 64, noise: 0, missing: 0).Keep(1, 6, 12);
        using Tape<double> tape = new();
        Tensor<double> centroid = tape.Constant(sample.Centroid, 1, Planes);
        Tensor<double> sigma = tape.Constant(sample.Sigma, 1, Planes);
        Tensor<double> presence = tape.Constant(sample.Presence, 1, Planes);
        Tensor<double> start = tape.Constant(sample.Truth, 1, 3);
        RobustFit robust = new(Geometry, options: new() { MinimumPlanes = needed });
        Assert.Equal([expected], robust.Apply(centroid, sigma, presence, PlaneShifts.None(tape, Planes), start).Statuses.ToArray());
        Assert.Throws<ArgumentException>(() => robust.Apply(centroid, sigma, presence, PlaneShifts.None(tape, Planes - 1), start));
    }

    // Median of the error of q/pT in units of the diagonal fit's own.
    private static double Error(TrackSample sample, bool lower)
    {
        using Tape<double> tape = new(recording: false);
        Tensor<double> centroid = tape.Constant(sample.Centroid, sample.Events, Planes);
        Tensor<double> sigma = tape.Constant(sample.Sigma, sample.Events, Planes);
        Tensor<double> presence = tape.Constant(sample.Presence, sample.Events, Planes);
        CircleFit fit = new(Geometry);
        ImplicitSolution track = fit.Apply(centroid, sigma, presence);
        if (lower)
        {
            RobustFit robust = new(Geometry);
            var nominal = PlaneShifts.None(tape, Planes);
            track = robust.Apply(centroid, sigma, presence, nominal, track.Value);
            track = fit.Apply(centroid, sigma, OutlierPresence.Apply(
                Geometry, robust.Robust with { Scattering = 0 }, track.Value, track.Statuses, centroid, sigma, presence, nominal));
        }

        double[] errors = new double[sample.Events];
        for (int e = 0; e < errors.Length; e++)
        {
            Assert.Equal(SolveStatus.Converged, track.Statuses[e]);
            errors[e] = Math.Abs(track.Value.Values[(3 * e) + 2] - sample.Truth[(3 * e) + 2]);
        }

        Array.Sort(errors);
        return errors[errors.Length / 2];
    }
}
