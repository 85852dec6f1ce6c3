namespace Sagitta.Tests.Tracking.Measurement;

public sealed class MeasurementStageTests
{
    private static readonly Detector _toy = DetectorFile.Load("toy16");
    private static readonly int _planes = _toy.Planes.Count;

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Gradients_of_windows_agree_with_differences(bool logits, bool withTime)
    {
        EventSet events = Simulate(count: 2);
        Segments groups = new();
        PlaneGroups.Set(groups, events.Hits, [0, 1]);
        double[] y = [.. events.HitY.Select(v => (double)v)];
        double[] charge = [.. events.HitCharge.Select(v => (double)v)];
        double[] time = [.. events.HitTime.Select(v => (double)v)];
        double[] weights = [.. events.LabelHit.Select((label, j) => label != 0 ? 0.9 - (0.01 * (j % 7)) : 0.1)];
        double[] pitch = [.. _toy.Planes.Select(p => p.StripPitch)];
        using Tape<double> plain = new(recording: false);
        Clusters clusters = SoftClustering.Apply(plain.Constant(weights, weights.Length, 1), y, charge, groups, pitch, new());
        double[] scores = logits ? [.. weights.Select(w => Math.Log(w / (1 - w)))] : weights;
        StripWindows windows = new(_toy, CircleGeometry.Of(_toy), withTime);
        FiniteDifferences.Check(
            [scores, clusters.Centroid.Values.ToArray(), clusters.Sigma.Values.ToArray(), [3, 0.02, 0.08, -7, 0.1, -0.03]],
            [(scores.Length, 1), (2, _planes), (2, _planes), (2, TrackParameter.Count)],
            [1e-3, 1e-4, 1e-4, 1e-4],
            (_, x) => WeightedSum.Of([1], windows.Apply(
                new() { Scores = x[0], Logits = logits, Y = y, Amplitude = charge, Time = time, Planes = groups },
                clusters with { Centroid = x[1], Sigma = x[2] }, x[3], [SolveStatus.Converged, SolveStatus.Converged])),
            floor: 1e-1);
    }

    [Fact]
    public void Gradient_of_the_whole_chain_from_weights_agrees_with_differences()
    {
        EventSet events = Simulate(count: 1);
        using Chain chain = new();
        double[] weights = [.. events.LabelHit.Select((label, j) => label != 0 ? 0.9 - (0.01 * (j % 7)) : 0.1)];
        FiniteDifferences.Check([weights], [(weights.Length, 1)], [1e-3], (tape, x) =>
        {
            tape.Bind(chain.Parameters);
            FittedEvents fitted = chain.Fit.Apply(x[0], logits: false, events.Hits, [0], new());
            return WeightedSum.Of([1, 0.1], TrackFunction.Of(fitted.Track), LocalLikelihood.Apply(fitted.Clusters, events, [0]));
        });
    }

    [Fact]
    public void Gradient_of_its_parameters_agrees_with_differences()
    {
        EventSet events = Simulate(count: 2);
        using Chain chain = new();
        using ParameterVector<double> gradient = new(chain.Layout);
        using Tape<double> tape = new();
        double At(ParameterVector<double>? towards)
        {
            tape.Reset();
            tape.Bind(chain.Parameters, towards);
            Clusters clusters = chain.Fit.Measure(Labels(tape, events), logits: false, events.Hits, [0, 1], new());
            Tensor<double> loss = WeightedSum.Of([1], LocalLikelihood.Apply(clusters, events, [0, 1]));
            if (towards is not null)
            {
                tape.Backward(loss);
            }

            return loss.Values[0];
        }

        At(gradient);
        double largest = gradient.Values.ToArray().Max(Math.Abs);
        Assert.True(largest > 0);
        foreach (Parameter parameter in chain.Layout.Parameters)
        {
            for (int i = parameter.Offset; i < parameter.Offset + parameter.Length; i += 37)
            {
                double value = chain.Parameters.Values[i];
                double expected = FiniteDifferences.Derivative(offset =>
                {
                    chain.Parameters.Values[i] = value + offset;
                    return At(null);
                }, 1e-3, out _);
                chain.Parameters.Values[i] = value;
                Assert.Equal(expected, gradient.Values[i], 1e-7 * largest);
            }
        }
    }

    [Fact]
    public void The_mirrored_event_has_minus_the_position_and_the_same_error()
    {
        EventSet events = Simulate(count: 6);
        HitSet mirrored = events.Hits.Mirrored();
        mirrored.Check("the mirrored hits");
        int[] all = [0, 1, 2, 3, 4, 5];
        using Chain chain = new();
        using Tape<double> tape = new(recording: false);
        tape.Bind(chain.Parameters);
        byte[] other = (byte[])events.LabelHit.Clone();
        Segments groups = new();
        PlaneGroups.Set(groups, events.Hits, all);
        for (int g = 0; g < groups.Count; g++)
        {
            other.AsSpan(groups.Offsets[g]..groups.Offsets[g + 1]).Reverse();
        }

        Clusters here = chain.Fit.Measure(Labels(tape, events), logits: false, events.Hits, all, new());
        Clusters there = chain.Fit.Measure(Labels(tape, events with { LabelHit = other }), logits: false, mirrored, all, new());
        tape.Bind(null);
        Clusters before = chain.Fit.Measure(Labels(tape, events), logits: false, events.Hits, all, new());
        double moved = 0;

        // Places of strips are single precision.
        for (int k = 0; k < here.Centroid.Length; k++)
        {
            Assert.Equal(here.Sigma.Values[k], there.Sigma.Values[k], 1e-6);
            Assert.Equal(here.Centroid.Values[k], -there.Centroid.Values[k], 1e-6);
            moved = Math.Max(moved, Math.Abs(here.Centroid.Values[k] - before.Centroid.Values[k]));
        }

        Assert.InRange(moved, 1e-3, 1);
    }

    [Fact]
    public void A_common_shift_of_all_times_changes_nothing()
    {
        EventSet events = Simulate(count: 1);
        using Chain chain = new();
        using Tape<double> tape = new(recording: false);
        tape.Bind(chain.Parameters);
        double[] here = chain.Fit.Measure(Labels(tape, events), logits: false, events.Hits, [0], new()).Centroid.Values.ToArray();
        HitSet late = events.Hits with { Time = [.. events.HitTime.Select(t => t + 32)] };
        double[] there = chain.Fit.Measure(Labels(tape, events), logits: false, late, [0], new()).Centroid.Values.ToArray();
        Assert.All(here.Zip(there), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Gradients_of_the_local_likelihood_agree_with_differences_and_absent_planes_do_not_count()
    {
        EventSet events = Simulate(count: 1);
        events.TruthCrossing[3] = float.NaN;
        double[] centroid = [.. events.TruthCrossing.Select((y, i) => double.IsNaN(y) ? 5 : y + (0.05 * Math.Sin(i)) + (i == 7 ? 9 : 0))];
        FiniteDifferences.Check(
            [centroid, [.. Enumerable.Repeat(0.06, _planes)], [.. Enumerable.Repeat(0.9, _planes)]],
            [(1, _planes), (1, _planes), (1, _planes)],
            [1e-3, 1e-3, 1e-3],
            (_, x) => LocalLikelihood.Apply(new(x[0], x[1], x[2], x[1], x[1]), events, [0]));
        using Tape<double> tape = new();
        Tensor<double> leaf = tape.Leaf(centroid, 1, _planes);
        Tensor<double> one = tape.Constant([.. Enumerable.Repeat(1.0, _planes)], 1, _planes);
        Tensor<double> value = LocalLikelihood.Apply(new(leaf, one, one, one, one), events, [0]);
        tape.Backward(value);
        Assert.Equal(0, leaf.Gradient[3]);

        // A plane that is far off pulls less than one that is near by: 2 x 31 d / (30 + d^2).
        Assert.Equal(62 * 9.0 / 111, leaf.Gradient[7], 0.1);
    }

    private static Tensor<double> Labels(Tape<double> tape, EventSet events) =>
        tape.Constant([.. events.LabelHit.Select(label => (double)label)], events.LabelHit.Length, 1);

    private static EventSet Simulate(int count)
    {
        SimulationOptions options = new()
        {
            Vertex = new() { Momentum = [new() { Low = 5, High = 30 }] },
            Digitisation = new() { Background = new() { KHzPerCm2 = [2] } },
        };
        return MuonSimulation.Generate(_toy, options, seed: 8, first: 0, count: count);
    }

    // The fit with a stage of drawn parameters.
    private sealed class Chain : IDisposable
    {
        public Chain()
        {
            MeasurementStage stage = new(new() { Width = 8 }, _toy, Layout);
            Fit = new(_toy, new(), new(), stage: stage);
            Parameters = new(Layout);
            Parameters.Initialise(RandomKey.FromSeed(5));
        }

        public ParameterLayout Layout { get; } = new();
        public WeightedTrackFit Fit { get; }
        public ParameterVector<double> Parameters { get; }

        public void Dispose() => Parameters.Dispose();
    }
}
