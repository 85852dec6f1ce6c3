namespace Sagitta.Tests.Tracking.Fitting;

public sealed class CircleSolverTests
{
    private static readonly CircleGeometry Geometry = CircleGeometry.Of(ToyDetector.TwoStations);
    private static readonly int Planes = Geometry.PlaneCount;

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(1)]
    public void Lanes_agree_with_the_reference(int width)
    {
        TrackSample sample = new(Geometry, 203, seed: 21, lowPt: 2.2, highPt: 1e4, noise: 3, missing: 0.3);
        Outcome lanes = Run(sample, new CircleSolver(width), new CircleAdjoint(width));
        Outcome reference = Run(sample, new CircleReference(), new CircleReference());
        Assert.Equal(reference.Statuses, lanes.Statuses);
        AssertClose(reference.Track, lanes.Track, 1e-9);
        for (int i = 0; i < CircleFitInput.Count; i++)
        {
            AssertClose(reference.Gradients[i], lanes.Gradients[i], 1e-8);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(1)]
    public void Every_width_gives_the_same_bits(int width)
    {
        TrackSample sample = new(Geometry, 41, seed: 22);
        Outcome wide = Run(sample, new CircleSolver(8), new CircleAdjoint(8));
        Outcome narrow = Run(sample, new CircleSolver(width), new CircleAdjoint(width));
        Assert.Equal(wide.Track, narrow.Track);
        for (int i = 0; i < CircleFitInput.Count; i++)
        {
            Assert.Equal(wide.Gradients[i], narrow.Gradients[i]);
        }
    }

    [Fact]
    public void Bad_events_leave_their_neighbours_alone()
    {
        TrackSample sample = new(Geometry, 8, seed: 23, missing: 0);
        Outcome before = Run(sample, new CircleSolver(), new CircleAdjoint());
        sample.Centroid[Planes + 3] = double.NaN;
        sample.Sigma[(2 * Planes) + 1] = 0;
        sample.Presence.AsSpan(3 * Planes, Planes).Clear();
        sample.Centroid.AsSpan(4 * Planes, Planes).Fill(1e200);
        Outcome after = Run(sample, new CircleSolver(), new CircleAdjoint());
        Assert.Equal(SolveStatus.OutOfRange, after.Statuses[1]);
        Assert.Equal(SolveStatus.OutOfRange, after.Statuses[2]);
        Assert.Equal(SolveStatus.TooFewPlanes, after.Statuses[3]);
        foreach (int e in (int[])[0, 5, 6, 7])
        {
            Assert.Equal(before.Track[(3 * e)..((3 * e) + 3)], after.Track[(3 * e)..((3 * e) + 3)]);
        }

        Assert.All(after.Track, value => Assert.True(double.IsFinite(value)));
        Assert.All(after.Gradients, gradient => Assert.All(gradient, value => Assert.True(double.IsFinite(value))));
    }

    [Theory]
    [InlineData(4, SolveStatus.TooFewPlanes)]
    [InlineData(3, SolveStatus.Converged)]
    public void Planes_that_are_present_are_counted(int needed, SolveStatus expected)
    {
        TrackSample sample = new TrackSample(Geometry, 1, seed: 26, noise: 0, missing: 0).Keep(1, 6, 12);
        CircleFitOptions options = new() { MinimumPlanes = needed };
        Assert.Equal([expected], Run(sample, new CircleSolver(), new CircleAdjoint(), options).Statuses);
        Assert.Equal([expected], Run(sample, new CircleReference(), new CircleReference(), options).Statuses);
    }

    [Fact]
    public void Planes_at_two_places_determine_no_circle()
    {
        CircleGeometry pairs = new([2000, 2000, 2500, 2500], 1);
        using Tape<double> tape = new();
        Tensor<double> centroid = tape.Leaf([1, 1.1, 3, 2.9, 5, 5, 5, 5], 2, 4);
        Tensor<double> ones = tape.Constant([1, 1, 1, 1, 1, 1, 1, 1], 2, 4);
        ImplicitSolution solution = new CircleFit(pairs).Apply(centroid, ones, ones);
        Assert.Equal([SolveStatus.Singular, SolveStatus.Singular], solution.Statuses.ToArray());
        Assert.All(solution.Value.Values.ToArray(), value => Assert.Equal(0, value));
        tape.Backward(TrackFunction.Of(solution.Value));
        Assert.All(centroid.Gradient.ToArray(), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(2000, 4800, 6000)]
    [InlineData(7000, 7040, 14000)]
    [InlineData(0, 40, 80)]
    [InlineData(-300, 500, 700)]
    public void Every_fit_says_that_planes_at_two_places_are_too_few(double first, double second, double third)
    {
        Detector detector = ToyDetector.TwoStations with
        {
            Planes = [.. ((double[])[first, first, first, second, second, second, third]).Select(
                z => ToyDetector.TwoStations.Planes[0] with { Z = z })],
        };
        CircleGeometry geometry = CircleGeometry.Of(detector);

        // All but the last event lack the third place.
        const int Events = 11;
        TrackSample sample = new(geometry, Events, seed: 28, lowPt: 20, missing: 0);
        for (int e = 0; e < Events - 1; e++)
        {
            sample.Presence[(e * 7) + 6] = 0;
        }

        using Tape<double> tape = new(recording: false);
        Tensor<double>[] inputs = [tape.Constant(sample.Centroid, Events, 7), tape.Constant(sample.Sigma, Events, 7),
            tape.Constant(sample.Presence, Events, 7), tape.Constant(new double[7], 1, 7), tape.Constant(new double[7], 1, 7)];
        Tensor<double> truth = tape.Constant(sample.Truth, Events, 3);
        CircleProblem problem = new(geometry, Events, new());
        SolveStatus[] expected = [.. Enumerable.Repeat(SolveStatus.Singular, Events - 1), SolveStatus.Converged];
        foreach (int width in (int[])[8, 4, 2, 1])
        {
            Assert.Equal(expected, new ImplicitSolve<CircleProblem>(new CircleSolver(width), new CircleAdjoint(width))
                .Apply(problem, inputs).Statuses.ToArray());
        }

        Assert.Equal(expected, new ImplicitSolve<CircleProblem>(new CircleReference(), new CircleReference())
            .Apply(problem, inputs).Statuses.ToArray());
        Assert.Equal(expected, new CorrelatedFit(geometry, new(detector)).Apply(inputs[0], inputs[1], inputs[2], truth).Statuses.ToArray());
        Assert.Equal(expected, new RobustFit(geometry).Apply(inputs[0], inputs[1], inputs[2], PlaneShifts.None(tape, 7), truth)
            .Statuses.ToArray());

        // A vertex is a place of its own.
        CircleFitOptions vertex = new() { Vertex = new(0, 1) };
        Assert.All(new CircleFit(geometry, vertex).Apply(inputs[0], inputs[1], inputs[2]).Statuses[..^1].ToArray(),
            status => Assert.Equal(first == 0 ? SolveStatus.Singular : SolveStatus.Converged, status));
    }

    [Fact]
    public void Random_events_are_finite_and_almost_all_converge()
    {
        // Near-straight and strongly curved tracks, missing planes, outliers of any size.
        const int Events = 10_000;
        TrackSample sample = new(Geometry, Events, seed: 24, lowPt: 3, highPt: 1e6, noise: 1, missing: 0.35);
        Sagitta.Core.Randomness.RandomDraws draws = Sagitta.Core.Randomness.RandomKey.FromSeed(25).Draws();
        bool[] spoilt = new bool[Events];
        for (int k = 0; k < sample.Centroid.Length; k++)
        {
            if (draws.NextUniform() < 0.02)
            {
                sample.Centroid[k] += draws.NextUniform(-150, 150);
                spoilt[k / Planes] = true;
            }
        }

        Outcome outcome = Run(sample, new CircleSolver(), new CircleAdjoint());
        Assert.All(outcome.Track, value => Assert.True(double.IsFinite(value)));
        Assert.All(outcome.Gradients, gradient => Assert.All(gradient, value => Assert.True(double.IsFinite(value))));
        int many = 0, converged = 0;
        for (int e = 0; e < Events; e++)
        {
            int present = sample.Presence.AsSpan(e * Planes, Planes).ToArray().Count(p => p > 0);
            if (present >= 10 && !spoilt[e])
            {
                many++;
                converged += outcome.Statuses[e] == SolveStatus.Converged ? 1 : 0;
            }
            else if (spoilt[e] && present >= 10)
            {
                // Outliers of 15 cm may leave no minimum within the model's range; that is a status too.
                Assert.True(outcome.Statuses[e] is SolveStatus.Converged or SolveStatus.OutOfRange, $"event {e}: {outcome.Statuses[e]}");
            }
        }

        Assert.True(many > 4000 && converged == many, $"{converged} of {many}");
    }

    private static Outcome Run(TrackSample sample, IImplicitSolver<CircleProblem> solver, IImplicitAdjoint<CircleProblem> adjoint,
        CircleFitOptions? options = null)
    {
        using Tape<double> tape = new();
        Tensor<double>[] inputs =
        [
            tape.Leaf(sample.Centroid, sample.Events, Planes),
            tape.Leaf(sample.Sigma, sample.Events, Planes),
            tape.Leaf(sample.Presence, sample.Events, Planes),
            tape.Leaf(Enumerable.Range(0, Planes).Select(i => 0.3 * Math.Sin(i)).ToArray(), 1, Planes),
            tape.Leaf(Enumerable.Range(0, Planes).Select(i => 0.2 * Math.Cos(2 * i)).ToArray(), 1, Planes),
        ];
        ImplicitSolution solution = new ImplicitSolve<CircleProblem>(solver, adjoint).Apply(
            new CircleProblem(Geometry, sample.Events, options ?? new()), inputs);
        double[] track = solution.Value.Values.ToArray();
        SolveStatus[] statuses = solution.Statuses.ToArray();
        tape.Backward(TrackFunction.Of(solution.Value));
        return new(track, statuses, inputs.Select(input => input.Gradient.ToArray()).ToArray());
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        double scale = expected.Max(Math.Abs);
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.True(Math.Abs(expected[k] - actual[k]) <= tolerance * scale, $"element {k}: {expected[k]:R} against {actual[k]:R}");
        }
    }

    private sealed record Outcome(double[] Track, SolveStatus[] Statuses, double[][] Gradients);
}
