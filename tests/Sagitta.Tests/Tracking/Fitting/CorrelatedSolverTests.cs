namespace Sagitta.Tests.Tracking.Fitting;

public sealed class CorrelatedSolverTests
{
    private static readonly Detector Toy = DetectorFile.Load("toy16");
    private static readonly CircleGeometry Geometry = CircleGeometry.Of(Toy);
    private static readonly TrackMaterial Material = new(Toy);
    private static readonly int Planes = Geometry.PlaneCount;

    [Theory]
    [InlineData(8, 0)]
    [InlineData(4, 0)]
    [InlineData(2, 0)]
    [InlineData(1, 0)]
    [InlineData(8, 0.04)]
    public void Lanes_agree_with_the_reference(int width, double vertexWeight)
    {
        TrackSample sample = new(Geometry, 203, seed: 41, lowPt: 2.6, highPt: 1e4, noise: 3, missing: 0.3);
        CircleFitOptions options = new() { Vertex = new(7, vertexWeight) };
        Outcome lanes = Run(sample, new CorrelatedSolver(width), new CorrelatedAdjoint(width), options);
        Outcome reference = Run(sample, new CorrelatedReference(), new CorrelatedReference(), options);
        Assert.Equal(reference.Statuses, lanes.Statuses);
        AssertClose(reference.Track, lanes.Track, 1e-9);
        for (int i = 0; i < CorrelatedFitInput.Count; i++)
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
        TrackSample sample = new(Geometry, 41, seed: 42);
        Outcome wide = Run(sample, new CorrelatedSolver(8), new CorrelatedAdjoint(8), new());
        Outcome narrow = Run(sample, new CorrelatedSolver(width), new CorrelatedAdjoint(width), new());
        Assert.Equal(wide.Track, narrow.Track);
        for (int i = 0; i < CorrelatedFitInput.Count; i++)
        {
            Assert.Equal(wide.Gradients[i], narrow.Gradients[i]);
        }
    }

    [Fact]
    public void Random_events_are_finite_and_those_with_ten_planes_converge()
    {
        const int Events = 10_000;
        TrackSample sample = new(Geometry, Events, seed: 44, lowPt: 3, highPt: 1e6, noise: 1, missing: 0.35);
        Outcome outcome = Run(sample, new CorrelatedSolver(), new CorrelatedAdjoint(), new());
        Assert.All(outcome.Track, value => Assert.True(double.IsFinite(value)));
        Assert.All(outcome.Gradients, gradient => Assert.All(gradient, value => Assert.True(double.IsFinite(value))));
        int many = 0, converged = 0;
        for (int e = 0; e < Events; e++)
        {
            if (sample.Presence.AsSpan(e * Planes, Planes).ToArray().Count(p => p > 0) >= 10)
            {
                many++;
                converged += outcome.Statuses[e] == SolveStatus.Converged ? 1 : 0;
            }
        }

        Assert.True(many > 4000 && converged >= 0.999 * many, $"{converged} of {many}");
    }

    private static Outcome Run(TrackSample sample, IImplicitSolver<CorrelatedCircleProblem> solver,
        IImplicitAdjoint<CorrelatedCircleProblem> adjoint, CircleFitOptions options)
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
        ImplicitSolution first = new CircleFit(Geometry, options).Apply(
            inputs[0], inputs[1], inputs[2], new PlaneShifts(inputs[3], inputs[4]));
        Tensor<double> track = tape.Leaf(first.Value.Values.ToArray(), sample.Events, TrackParameter.Count);
        ImplicitSolution solution = new ImplicitSolve<CorrelatedCircleProblem>(solver, adjoint).Apply(
            new CorrelatedCircleProblem(Geometry, Material, sample.Events, options), inputs[0], inputs[1], inputs[2], inputs[3], inputs[
                4], track);
        double[] tracks = solution.Value.Values.ToArray();
        SolveStatus[] statuses = solution.Statuses.ToArray();
        tape.Backward(TrackFunction.Of(solution.Value));
        return new(tracks, statuses, [.. inputs.Select(input => input.Gradient.ToArray()), track.Gradient.ToArray()]);
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
