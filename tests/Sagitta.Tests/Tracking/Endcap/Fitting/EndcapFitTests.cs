namespace Sagitta.Tests.Tracking.Endcap.Fitting;

public sealed class EndcapFitTests
{
    private const int Planes = VacuumMuons.Planes;
    private static readonly EndcapDetector _endcap = EndcapDetector.Load("endcap");
    private static readonly EndcapFit _fit = new(new(_endcap));


    [Fact]
    public void Exact_crossings_give_the_momentum_back() => CheckExact(VacuumMuons.Slice);

    [Fact]
    [Trait("data", "full")]
    public void Exact_crossings_of_all_muons_give_the_momentum_back() => CheckExact(VacuumMuons.Full());

    private static void CheckExact(VacuumMuons muons)
    {
        EndcapDetector vacuum = _endcap with
        {
            Walls = [],
            Strips = WithoutMatter(_endcap.Strips),
            Planes = [.. _endcap.Planes.Select(
            plane => plane with { Strips = plane.Strips with { Before = [], After = [] } })]
        };
        double worst = 0;
        double worstOfSteps = 0;
        EndcapFit exact = new(new(vacuum, new() { CellByCell = true }));
        EndcapFit quick = new(new(vacuum));
        for (int i = 0; i < muons.At.Length; i++)
        {
            double[] u = [.. muons.At[i].Select((state, p) => vacuum.Planes[p].Measured(state.X, state.Y))];
            double truth = muons.At[i][0].QOverP;
            EndcapFitResult result = exact.Fit(u, Constant(0.1), Constant(1), new double[25]);
            Assert.Equal(SolveStatus.Converged, result.Status);
            worst = Math.Max(worst, Math.Abs((result.State.QOverP / truth) - 1));
            result = quick.Fit(u, Constant(0.1), Constant(1), new double[25]);
            Assert.Equal(SolveStatus.Converged, result.Status);
            worstOfSteps = Math.Max(worstOfSteps, Math.Abs((result.State.QOverP / truth) - 1));
        }

        Assert.True(worst <= 1e-5 && worstOfSteps <= 5e-3, $"{worst:E2} cell by cell, {worstOfSteps:E2} in steps");
    }

    private static Detector WithoutMatter(Detector strips) => strips with
    {
        Medium = "",
        Materials = strips.Materials.ToDictionary(pair => pair.Key, pair => pair.Value with { RadiationLength = 1e12 }),
    };

    private static double[] Constant(double value) => [.. Enumerable.Repeat(value, Planes)];

    /// <summary>
    /// Tracks that scatter: u, sigma and presence of each plane. Errors are 0.7 to 1.5 sigma to either side, so that few derivatives are so
    /// small that the rounding of coordinates of ten metres hides them from differences.
    /// </summary>
    private static (double[] U, double[] Sigma, double[] Presence) Measurements(int tracks, EndcapDetector detector)
    {
        RandomDraws draws = RandomKey.FromSeed(13).Split("measurements").Draws();
        double[] u = new double[tracks * Planes];
        double[] sigma = new double[tracks * Planes];
        double[] presence = new double[tracks * Planes];
        for (int i = 0; i < tracks; i++)
        {
            double momentum = 8 * Math.Pow(12, draws.NextUniform());
            double ty = 0.22 + (0.14 * draws.NextUniform());
            TrackState state = new(0, 0, ((2 * draws.NextUniform()) - 1) * 0.2 * ty, ty, (i % 2 == 0 ? 1 : -1) / momentum);
            double z = 0;
            for (int p = 0; p < Planes; p++)
            {
                new FieldTransport(detector.Field).Carry(ref state, z, detector.Planes[p].Z);
                z = detector.Planes[p].Z;
                double kick = 1e-4 / momentum * 10;
                state = state with { Tx = state.Tx + (kick * draws.NextGaussian()), Ty = state.Ty + (kick * draws.NextGaussian()) };
                int k = (i * Planes) + p;
                sigma[k] = 0.08 + (0.08 * draws.NextUniform());
                presence[k] = p is 3 or 12 ? 0 : 0.6 + (0.4 * draws.NextUniform());
                u[k] = detector.Planes[p].Measured(state.X, state.Y) + (
                    sigma[k] * (draws.NextUniform() < 0.5 ? -1 : 1) * draws.NextUniform(0.7, 1.5));
            }
        }

        return (u, sigma, presence);
    }

    [Theory]
    [InlineData("map", true)]
    [InlineData("uniform", false)]
    public void Gradients_agree_with_differences(string field, bool cellByCell)
    {
        // All six inputs, with whatever they change: scattering follows the fitted momentum, the places of planes and the field.
        // Steps over the kinks of a map have derivatives that jump: they are held to those cell by cell below.
        EndcapDetector detector = field == "map" ? _endcap : _endcap with { Field = new UniformField(0.4, 0.03, -0.05) };
        (double[] u, double[] sigma, double[] presence) = Measurements(1, detector);
        // Differences must not go below zero.
        presence = [.. presence.Select(value => value == 0 ? 0.2 : value)];
        EndcapFit fit = new(new(detector, new() { CellByCell = cellByCell, Tolerance = 1e-24 }));
        double[] none = new double[Planes];
        (int, int) row = (1, Planes);
        FiniteDifferences.Check([u, sigma, presence, none, none, [1.0]], [row, row, row, row, row, (1, 1)],
            [0.5, 0.015, 0.09, 0.5, 5, 1e-3], (tape, inputs) => Weighted(fit, tape, inputs), tolerance: 1e-7, floor: 0);
    }

    [Fact]
    public void Gradients_of_steps_are_near_those_cell_by_cell()
    {
        (double[] u, double[] sigma, double[] presence) = Measurements(2, _endcap);
        double[][] gradients = [.. new[] { true, false }.Select(cellByCell =>
        {
            EndcapFit fit = new(new(_endcap, new() { CellByCell = cellByCell }));
            double[] none = new double[Planes];
            using Tape<double> tape = new();
            Tensor<double>[] inputs = [tape.Leaf(u, 2, Planes), tape.Leaf(sigma, 2, Planes), tape.Leaf(presence, 2, Planes),
                tape.Leaf(none, 1, Planes), tape.Leaf(none, 1, Planes), tape.Leaf([1.0], 1, 1)];
            tape.Backward(Weighted(fit, tape, inputs));
            return inputs[0].Gradient.ToArray();
        })];
        double largest = gradients[0].Max(Math.Abs);
        Assert.All(gradients[0].Zip(gradients[1]), pair => Assert.Equal(pair.First, pair.Second, 0.01 * largest));
    }

    private static Tensor<double> Weighted(EndcapFit fit, Tape<double> tape, Tensor<double>[] inputs)
    {
        double[] weights = [0.4, -0.7, 300, -500, 4000, -0.2, 0.3, 700, 200, -3000];
        ImplicitSolution solution = fit.Apply(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs[5]);
        Assert.All(solution.Statuses.ToArray(), status => Assert.Equal(SolveStatus.Converged, status));
        return Sum<double>.Apply(Multiply<double>.Apply(solution.Value, tape.Constant(
            weights.AsSpan(0, 5 * solution.Value.Rows), solution.Value.Rows, 5)));
    }

    [Fact]
    public void Start_does_not_matter_and_scattered_places_are_near_what_is_measured()
    {
        (double[] u, double[] sigma, double[] presence) = Measurements(1, _endcap);
        double[] covariance = new double[25], places = new double[Planes], slopes = new double[Planes];
        EndcapFitResult alone = _fit.Fit(u, sigma, presence, covariance, null, places, slopes);
        EndcapFitResult again = _fit.Fit(u, sigma, presence, covariance, alone.State with { QOverP = 0.8 * alone.State.QOverP });
        Assert.Equal(alone.State.QOverP, again.State.QOverP, 1e-3 * Math.Sqrt(covariance[24]));
        double[] pulls = [.. u.Select((value, p) => (value - places[p]) / sigma[p])];
        Assert.All(pulls.Where((_, p) => presence[p] > 0), pull => Assert.InRange(pull, -4, 4));

        // Without scattering the walls would throw the middle station far off.
        Assert.True(places.Select((place, p) => Math.Abs(u[p] - place)).Where((_, p) => presence[p] > 0).Max() < 0.5);
        Assert.InRange(slopes[0], 0.15, 0.45);
    }

    [Fact]
    public void Tracks_that_can_not_be_fitted_say_so()
    {
        (double[] u, double[] sigma, double[] presence) = Measurements(1, _endcap);
        double[] covariance = new double[25];
        Assert.Equal(SolveStatus.Converged, _fit.Fit(u, sigma, presence, covariance).Status);
        Assert.True(covariance[24] > 0);
        Assert.Equal(SolveStatus.TooFewPlanes, _fit.Fit(
            u, sigma, [.. presence.Select((value, p) => p < 5 ? value : 0)], covariance).Status);
        Assert.True(double.IsNaN(covariance[24]));
        u[5] = double.NaN;
        Assert.Equal(SolveStatus.OutOfRange, _fit.Fit(u, sigma, presence, covariance).Status);
        TrackState loops = new(0, 2000, 0, 0.28, 3);
        Assert.False(_fit.Model.TryPredict(loops, 1, new double[Planes], new(Planes), scattering: false));
    }

    [Theory]
    [InlineData("no stereo", SolveStatus.Singular)]
    [InlineData("stereo alone", SolveStatus.Converged)]
    [InlineData("one angle", SolveStatus.Singular)]
    [InlineData("all", SolveStatus.Converged)]
    public void Planes_that_do_not_determine_a_track_are_too_few_however_many(string kept, SolveStatus expected)
    {
        (double[] u, double[] sigma, double[] presence) = Measurements(1, _endcap);
        double[] some = [.. presence.Select((value, p) => kept switch
        {
            "no stereo" => _endcap.Planes[p].Sine == 0,
            "stereo alone" => _endcap.Planes[p].Sine != 0,
            "one angle" => _endcap.Planes[p].Sine > 0,
            _ => true,
        } ? Math.Max(value, 0.5) : 0)];
        EndcapFit fit = new(new(_endcap, new() { MinimumPlanes = 5 }));
        double[] covariance = new double[25];
        EndcapFitResult alone = _fit.Fit(u, sigma, presence, covariance);
        EndcapFitResult all = fit.Fit(u, sigma, some, covariance);
        Assert.Equal((expected, expected == SolveStatus.Singular), (all.Status, double.IsNaN(covariance[24])));
        Assert.Equal(expected, fit.Fit(u, sigma, some, covariance, alone.State).Status);
        Assert.Equal(expected, new EndcapKalman(fit.Model).Fit(alone.State, u, sigma, some, covariance).Status);
    }

    [Fact]
    public void Limit_is_that_of_scattering_at_low_momentum_and_of_planes_at_high_momentum()
    {
        EndcapLimit limit = new(_fit.Model, Constant(0.1));
        EndcapLimit better = new(_fit.Model, Constant(0.01));

        // 1.8 mrad of scattering against a bend of 140 mrad.
        Assert.InRange(limit.Relative(10, 0, 0.28), 0.012, 0.016);
        Assert.InRange(better.Relative(10, 0, 0.28) / limit.Relative(10, 0, 0.28), 0.8, 1);
        Assert.InRange(better.Relative(20_000, 0, 0.28) / limit.Relative(20_000, 0, 0.28), 0.1, 0.3);
        Assert.Equal(limit.Relative(10, 0.03, 0.28), limit.Relative(10, -0.03, 0.28), 1e-3);
        Assert.True(limit.Relative(10, 0, 0.37) > limit.Relative(10, 0, 0.21));
        Assert.True(double.IsNaN(limit.Relative(0.3, 0, 0.28)));
    }
}
