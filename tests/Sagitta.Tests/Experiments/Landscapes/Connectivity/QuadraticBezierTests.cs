namespace Sagitta.Tests.Experiments.Landscapes.Connectivity;

public sealed class QuadraticBezierTests
{
    [Fact]
    public void A_curve_runs_from_end_to_end_and_begins_as_a_straight_line()
    {
        float[] start = [1, 2, 3], end = [3, -2, 7];
        float[] control = QuadraticBezier.Straight(start, end);
        float[] point = new float[3];
        QuadraticBezier.Point(start, control, end, 0, point);
        Assert.Equal(start, point);
        QuadraticBezier.Point(start, control, end, 1, point);
        Assert.Equal(end, point);
        QuadraticBezier.Point(start, control, end, 0.25, point);
        Assert.Equal([1.5f, 1f, 4f], point);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void The_gradient_at_the_control_point_is_that_of_finite_differences(double t)
    {
        using SmallNetworkLoss loss = new(new Learning.SmoothActivation());
        int length = loss.Layout.Length;
        float[] start = [.. loss.Centre.Select(x => (float)x)];
        float[] end = [.. loss.Centre.Select((x, i) => (float)(x + Math.Cos(i)))];
        float[] control = [.. loss.Centre.Select((x, i) => (float)(x + (0.3 * Math.Sin(i))))];
        double[] gradient = new double[length];
        int place = loss.Layout.Parameters[0].Offset + 2;
        At(0, out _, gradient);
        double analytic = QuadraticBezier.ControlWeight(t) * gradient[place];
        const float Step = 1e-2f;
        At(Step, out double above, new double[length]);
        At(-Step, out double below, new double[length]);
        Assert.Equal((above - below) / (2 * Step), analytic, 1e-4);

        void At(float moved, out double value, double[] into)
        {
            float[] shifted = [.. control];
            shifted[place] += moved;
            float[] point = new float[length];
            QuadraticBezier.Point(start, shifted, end, t, point);
            value = loss.Gradient([.. point.Select(x => (double)x)], into);
        }
    }

    [Fact]
    public void Training_bends_a_curve_around_a_barrier()
    {
        using WorkerThreads threads = new(2);
        float[] start = new float[16], end = new float[16];
        (start[0], end[0]) = (-1, 1);
        Hill hill = new();
        float[] control = CurveTraining.Run(hill, start, end, new() { Steps = 300, Batch = 4, LearningRate = 0.01 }, RandomKey.FromSeed(1),
            threads, SilentProgress.Instance, CancellationToken.None);
        var straight = PathProfile.Measure("straight", hill, start, QuadraticBezier.Straight(start, end), end, 11, threads,
            SilentProgress.Instance, CancellationToken.None);
        var curved = PathProfile.Measure("curve", hill, start, control, end, 11, threads, SilentProgress.Instance, CancellationToken.None);
        Assert.Equal(straight.Of("loss")[0], curved.Of("loss")[0], 1e-6);
        Assert.Equal(straight.Of("loss")[^1], curved.Of("loss")[^1], 1e-6);
        Assert.True(curved.Barrier("loss") < 0.3 * straight.Barrier("loss"),
            $"{curved.Barrier("loss")} after training, {straight.Barrier("loss")} before");
    }

    [Fact]
    public void Training_does_not_depend_on_threads()
    {
        float[] start = new float[16], end = new float[16];
        (start[0], end[0]) = (-1, 1);
        float[][] controls = [.. new[] { 1, 3 }.Select(count =>
        {
            using WorkerThreads threads = new(count);
            return CurveTraining.Run(new Hill(), start, end, new() { Steps = 20, Batch = 5 }, RandomKey.FromSeed(2), threads,
                SilentProgress.Instance, CancellationToken.None);
        })];
        Assert.Equal(controls[0], controls[1]);
    }

    [Fact]
    public void Pairs_take_turns_among_methods()
    {
        ModelName[] models = [.. from method in new[] { "a", "b" } from seed in new ulong[] { 0, 1, 2 } select new ModelName(
            method, seed, "", "")];
        IReadOnlyList<(int First, int Second)> alike = ModelPairs.OfOneMethod(models, 4);
        Assert.Equal(4, alike.Count);
        Assert.Equal(2, alike.Count(p => models[p.First].Method == "a"));
        Assert.All(alike, p => Assert.Equal(models[p.First].Method, models[p.Second].Method));
        Assert.Equal(9, ModelPairs.OfTwoMethods(models, int.MaxValue).Count);
        IReadOnlyList<(int First, int Second)> mixed = ModelPairs.OfTwoMethods(models, 4);
        Assert.All(mixed, p => Assert.NotEqual(models[p.First].Method, models[p.Second].Method));
        Assert.Equal(2, mixed.Count(p => models[p.First].Seed == models[p.Second].Seed));
        Assert.NotEqual(models[mixed[0].First].Seed, models[mixed[0].Second].Seed);
        Assert.Equal(8, ModelPairs.OfTwoMethods(models, 8).Count);
        Assert.Empty(ModelPairs.OfOneMethod([models[0], models[3]], 10));
    }

    // A Gaussian hill between the ends, off the line by a little so that there is a way to slide down.
    private sealed class Hill : ISampledLoss, IProbe
    {
        public Hill() => Layout.Add("w", 1, 2, new Initialisation.Constant(0));

        public ParameterLayout Layout { get; } = new();

        public int Items => 3;

        public IReadOnlyList<string> Quantities { get; } = ["loss"];

        public double AddGradient(int item, int worker, double share, ParameterVector<float> parameters, ParameterVector<float> gradient)
        {
            double x = parameters.Values[0], y = parameters.Values[1] + 0.1;
            double height = Math.Exp(-4 * ((x * x) + (y * y)));
            gradient.Values[0] += (float)(share * -8 * x * height);
            gradient.Values[1] += (float)(share * -8 * y * height);
            return height;
        }

        public void Measure(int worker, ReadOnlySpan<double> parameters, Span<double> values)
        {
            double y = parameters[1] + 0.1;
            values[0] = Math.Exp(-4 * ((parameters[0] * parameters[0]) + (y * y)));
        }
    }
}
