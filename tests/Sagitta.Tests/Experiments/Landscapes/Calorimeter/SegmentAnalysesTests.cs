namespace Sagitta.Tests.Experiments.Landscapes.Calorimeter;

public sealed class SegmentAnalysesTests
{
    private static readonly IReadOnlyList<LandscapeFrame> _frames = new FrameStock(new() { Protons = 12 }, new(), new()).Take("train", 3);
    private static readonly SegmentNetwork _network = new(new());

    [Fact]
    public void Frames_take_the_thicknesses_in_turn()
    {
        FrameStock thickest = new(new() { Protons = 12, Waters = [200] }, new(), new());
        Assert.Equal(thickest.Take("train", 1)[0].Frame.Energy, _frames[2].Frame.Energy);
        Assert.Equal(3, _frames.Select(f => f.Frame.Count).Distinct().Count());
    }

    [Fact]
    public void A_probe_and_the_loss_of_the_Hessian_agree()
    {
        using WorkerThreads threads = new(2);
        using SegmentScoreLoss loss = new(_network, _frames, threads);
        using SegmentProbe probe = new(_network, _frames, recomputed: false, 2);
        double[] parameters = Parameters(1);
        double[] values = new double[probe.Quantities.Count];
        probe.Measure(1, parameters, values);
        Assert.Equal(loss.Gradient(parameters, new double[parameters.Length]), values[0], 1e-4 * values[0]);
        Assert.InRange(values[2], 0, 1);
        Assert.InRange(values[3], 0, 1);
    }

    [Fact]
    public void Recomputed_statistics_do_not_depend_on_running_averages()
    {
        using SegmentProbe held = new(_network, _frames, recomputed: false, 1);
        using SegmentProbe moving = new(_network, _frames, recomputed: true, 1);
        double[] parameters = Parameters(2);
        double[] shifted = [.. parameters];
        Parameter mean = _network.Layout.Find("update.normalisation.1.running_mean")!;
        shifted[mean.Offset] += 3;
        double[] before = new double[4], after = new double[4];
        moving.Measure(0, parameters, before);
        moving.Measure(0, shifted, after);
        Assert.Equal(before, after);
        held.Measure(0, parameters, before);
        held.Measure(0, shifted, after);
        Assert.NotEqual(before[0], after[0]);
    }

    // The surrogate's gradient at the centre is the gradient that training through the assignment would use.
    [Fact]
    public void Held_slopes_give_the_gradient_of_training_at_the_centre()
    {
        using WorkerThreads threads = new(1);
        double[] parameters = Parameters(3);
        IReadOnlyList<LandscapeFrame> one = [_frames[0]];
        AssignmentOptions options = AssignmentOptions.Published(25);
        using SegmentScoreLoss loss = new(_network, one, threads, AssignmentSlopes.At(_network, parameters, one, options, threads));
        double[] found = new double[parameters.Length];
        loss.Gradient(parameters, found);

        using ParameterVector<double> vector = new(_network.Layout), gradient = new(_network.Layout);
        parameters.CopyTo(vector.Values);
        using Tape<double> tape = new();
        tape.Bind(vector, gradient);
        SegmentGraph graph = one[0].Input.Graph;
        AssignmentProblem problem = new() { Options = options };
        problem.Set(graph.Offsets, graph.Shallower, graph.Hits);
        tape.Backward(SegmentLoss.Hamming(_network.Forward(tape, one[0].Input), graph.Label, SegmentLoss.Weights(tape, graph.TrackerSide),
            problem));
        Assert.Contains(found, x => x != 0);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(gradient.Values[i], found[i], 1e-9);
        }
    }

    [Fact]
    public void Layers_of_chosen_rows_end_in_the_logits_and_their_messages_in_the_joined_ones()
    {
        SegmentInput input = _frames[2].Input;
        using ParameterVector<double> vector = new(_network.Layout);
        Parameters(4).CopyTo(vector.Values);
        using Tape<double> tape = new(recording: false);
        tape.Bind(vector);
        double[] logits = _network.Forward(tape, input).Values.ToArray();
        List<Tensor<double>> message = [], update = [], score = [];
        int[] links = [.. Enumerable.Range(0, 2 * input.Graph.Links)];
        int[] segments = [.. Enumerable.Range(0, input.Graph.Count)];
        _network.ForwardLayers(tape, input, links, segments, message, update, score);
        Assert.Equal((8, 10, 8), (message.Count, update.Count, score.Count));
        for (int e = 0; e < logits.Length; e++)
        {
            Assert.Equal(logits[e], score[^1].Values[e], 1e-9);
        }

        // Running averages are 0 and 1, so the first normalisation of the update shows the joined messages nearly as they are.
        double[,] largest = new double[segments.Length, 16];
        bool[] linked = new bool[segments.Length];
        SegmentGraph graph = input.Graph;
        for (int e = 0; e < graph.Count; e++)
        {
            for (int link = graph.LinkOffsets[e]; link < graph.LinkOffsets[e + 1]; link++)
            {
                int f = graph.Offsets[graph.Shallower[e]] + link - graph.LinkOffsets[e];
                foreach ((int target, int row) in new[] { (e, 2 * link), (f, (2 * link) + 1) })
                {
                    for (int c = 0; c < 16; c++)
                    {
                        double value = message[^1].Values[(row * 16) + c];
                        largest[target, c] = linked[target] ? Math.Max(largest[target, c], value) : value;
                    }

                    linked[target] = true;
                }
            }
        }

        for (int e = 0; e < graph.Count; e++)
        {
            for (int c = 0; c < 16; c++)
            {
                Assert.Equal(largest[e, c] / Math.Sqrt(1 + 1e-5), update[0].Values[(e * 24) + 8 + c], 1e-4);
            }
        }
    }

    [Fact]
    public void The_edge_filter_removes_all_at_zero_and_less_with_every_limit()
    {
        var filter = EdgeFilter.Of(_frames);
        foreach (double[] removed in new[] { filter.TrueCalorimeter, filter.AllCalorimeter, filter.TrueTracker, filter.AllTracker })
        {
            Assert.Equal(1, removed[0]);
            Assert.True(removed.Zip(removed.Skip(1)).All(p => p.Second <= p.First));
        }

        Assert.True(filter.TrueCalorimeter[8] < filter.AllCalorimeter[8]);
    }

    [Fact]
    public void Operations_are_counted_as_published()
    {
        CalorimeterFrame frame = _frames[0].Frame;
        var statistics = GraphStatistics.Of(100, 12, [frame], new());
        Assert.Equal(_frames[0].Input.Graph.Count, statistics.Segments);
        Assert.Equal(0, statistics.EdgesSpread);
        Assert.Equal((27639 * statistics.Segments) + (13844 * statistics.Hits), statistics.HitOperations * 1e9, 1);
        Assert.InRange((statistics.Operations * 1e9) - (3696 * statistics.Edges), 1000 * statistics.Segments, 3000 * statistics.Segments);
    }

    private static double[] Parameters(ulong seed)
    {
        using ParameterVector<double> vector = new(_network.Layout);
        vector.Initialise(RandomKey.FromSeed(seed));
        return vector.Values.ToArray();
    }
}
