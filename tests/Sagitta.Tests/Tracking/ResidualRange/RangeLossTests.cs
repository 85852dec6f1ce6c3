namespace Sagitta.Tests.Tracking.ResidualRange;

public sealed class RangeLossTests
{
    private static readonly double[] _depths = LayerDepths.Of(TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped));

    [Fact]
    public void True_segments_cost_nothing()
    {
        (CalorimeterFrame frame, SegmentGraph graph) = Tracks(8, 5);
        using RangeLossProblem problem = new(_depths);
        problem.Set(frame, graph);
        using Tape<double> tape = new();
        Assert.Equal(0, RangeLoss<double>.Apply(tape.Constant(Truth(graph), graph.Count, 1), problem).Values[0], 1e-12);
    }

    [Fact]
    public void Exchanged_ends_cost_and_their_gradient_leads_back()
    {
        (CalorimeterFrame frame, SegmentGraph graph) = Tracks(2, 5);
        double[] chosen = Truth(graph);

        // At layer 3 the two tracks exchange their deeper ends.
        int[] crossing = [.. Enumerable.Range(0, graph.Count).Where(e => frame.Layer[graph.Shallower[e]] == 3)];
        Assert.Equal(4, crossing.Length);
        foreach (int e in crossing)
        {
            chosen[e] = 1 - chosen[e];
        }

        using RangeLossProblem problem = new(_depths);
        problem.Set(frame, graph);
        using Tape<double> tape = new();
        Tensor<double> leaf = tape.Leaf(chosen, graph.Count, 1);
        Tensor<double> loss = RangeLoss<double>.Apply(leaf, problem);
        Assert.True(loss.Values[0] > 0.5);
        tape.Backward(loss);

        // Back to the truth is downhill: towards right segments, away from wrong ones.
        double slope = crossing.Sum(e => leaf.Gradient[e] * (graph.Label[e] ? 1 : -1));
        Assert.True(slope < 0, $"slope {slope}");
    }

    [Fact]
    public void Gradients_are_those_of_differences()
    {
        (CalorimeterFrame frame, SegmentGraph graph) = Tracks(3, 4);
        RandomDraws draws = RandomKey.FromSeed(3).Draws();
        double[] chosen = Truth(graph);
        for (int e = 0; e < chosen.Length; e++)
        {
            // Ones, zeros and what is between.
            chosen[e] = (e % 4) switch { 0 => chosen[e], 1 => 0, _ => 0.1 + (0.6 * draws.NextUniform()) };
        }

        using RangeLossProblem problem = new(_depths);
        problem.Set(frame, graph);
        FiniteDifferences.Check([chosen], [(graph.Count, 1)], [1e-4], (_, leaves) =>
            RangeLoss<double>.Apply(leaves[0], problem), tolerance: 1e-7, floor: 0.1);
    }

    [Fact]
    public void The_gradient_of_one_track_is_limited_and_keeps_its_direction()
    {
        (CalorimeterFrame frame, SegmentGraph graph) = Tracks(2, 5);
        double[] chosen = Truth(graph);
        foreach (int e in Enumerable.Range(0, graph.Count).Where(e => frame.Layer[graph.Shallower[e]] == 3))
        {
            chosen[e] = 1 - chosen[e];
        }

        double[] free = Gradient(frame, graph, chosen, new());
        double[] loose = Gradient(frame, graph, chosen, new() { LargestGradient = 1e6 });
        double[] tight = Gradient(frame, graph, chosen, new() { LargestGradient = 1e-3 });
        Assert.Equal(free, loose);

        // Two tracks, each at the limit over the number of tracks; at most that together, and no longer the free length.
        double norm = Math.Sqrt(tight.Sum(x => x * x));
        Assert.InRange(norm, 0.1e-3, 1e-3);
        Assert.True(free.Sum(x => x * x) > 100 * norm * norm);
        Assert.True(free.Zip(tight, (a, b) => a * b).Sum() > 0);
    }

    [Fact]
    public void A_frame_without_tracker_hits_costs_nothing()
    {
        (CalorimeterFrame frame, _) = Tracks(2, 5);
        CalorimeterFrame deep = new()
        {
            Events = frame.Events,
            Layer = [.. frame.Layer.Select(layer => layer + 5)],
            X = frame.X,
            Y = frame.Y,
            Z = frame.Z,
            Energy = frame.Energy,
            TruthEvent = frame.TruthEvent,
            TruthTrack = frame.TruthTrack,
            TruthPrimary = frame.TruthPrimary,
        };
        SegmentGraph graph = new();
        graph.Build(deep, new());
        using RangeLossProblem problem = new(_depths);
        problem.Set(deep, graph);
        using Tape<double> tape = new();
        Tensor<double> leaf = tape.Leaf(new double[graph.Count], graph.Count, 1);
        Tensor<double> loss = RangeLoss<double>.Apply(leaf, problem);
        Assert.Equal(0, loss.Values[0]);
        tape.Backward(loss);
        Assert.All(leaf.Gradient.ToArray(), value => Assert.Equal(0, value));
        Assert.Throws<ArgumentException>(() => RangeLoss<double>.Apply(tape.Constant([1], 1, 1), problem));
    }

    // Straight tracks beside each other with deposits on the curve, each ending a layer before the next one.
    private static (CalorimeterFrame Frame, SegmentGraph Graph) Tracks(int tracks, int shortest)
    {
        BraggCurve curve = new();
        List<(int Layer, int Track)> hits = [];
        for (int track = 0; track < tracks; track++)
        {
            for (int layer = 0; layer < shortest + track; layer++)
            {
                hits.Add((layer, track));
            }
        }

        hits = [.. hits.OrderByDescending(hit => hit.Layer).ThenBy(hit => hit.Track)];
        CalorimeterFrame frame = new()
        {
            Events = tracks,
            Layer = [.. hits.Select(hit => hit.Layer)],
            X = [.. hits.Select(hit => 0.05f * hit.Track)],
            Y = [.. hits.Select(hit => 0.02f * hit.Track * hit.Track)],
            Z = [.. hits.Select(hit => 5.5f * hit.Layer)],
            Energy = [.. hits.Select(hit => (float)Math.Exp(
                curve.LogDeposit(_depths[shortest + hit.Track - 1] + 3 - _depths[hit.Layer]).Value))],
            TruthEvent = [.. hits.Select(hit => hit.Track)],
            TruthTrack = [.. hits.Select(_ => 1)],
            TruthPrimary = [.. hits.Select(_ => true)],
        };
        SegmentGraph graph = new();
        graph.Build(frame, new());
        return (frame, graph);
    }

    private static double[] Gradient(CalorimeterFrame frame, SegmentGraph graph, double[] chosen, RangeLossOptions options)
    {
        using RangeLossProblem problem = new(_depths, options);
        problem.Set(frame, graph);
        using Tape<double> tape = new();
        Tensor<double> leaf = tape.Leaf(chosen, graph.Count, 1);
        tape.Backward(RangeLoss<double>.Apply(leaf, problem));
        return leaf.Gradient.ToArray();
    }

    private static double[] Truth(SegmentGraph graph)
    {
        double[] truth = new double[graph.Count];
        for (int e = 0; e < truth.Length; e++)
        {
            truth[e] = graph.Label[e] ? 1 : 0;
        }

        return truth;
    }
}
