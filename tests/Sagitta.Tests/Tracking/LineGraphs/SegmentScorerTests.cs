namespace Sagitta.Tests.Tracking.LineGraphs;

public sealed class SegmentScorerTests
{
    [Theory]
    [InlineData("Hit", "Max", false)]
    [InlineData("Hit", "Max", true)]
    [InlineData("Line", "Mean", false)]
    [InlineData("Line", "Sum", false)]
    public void Gradients_agree_with_central_differences(string kind, string aggregation, bool twice)
    {
        SegmentInput input = new();
        input.Set(SegmentMessagesTests.Frame(6, 3), new(), withMoments: true);
        ParameterLayout layout = new();
        SegmentNetworkOptions options = new()
        {
            Graph = Enum.Parse<ScoredGraph>(kind),
            Aggregation = Enum.Parse<SegmentAggregation>(aggregation),
            Hidden = 8,
            DoubleSigmoid = twice,
        };
        SegmentScorer network = SegmentScorer.Create(layout, options);
        using ParameterVector<double> parameters = new(layout);
        using ParameterVector<double> gradients = new(layout);
        parameters.Initialise(RandomKey.FromSeed(4));
        using Tape<double> tape = new();
        double Loss()
        {
            tape.Reset();
            gradients.Values.Clear();
            tape.Bind(parameters, gradients);
            Tensor<double> logits = network.Forward(tape, input, network.CreateMoments());
            Assert.Equal(input.Graph.Count, logits.Rows);
            Tensor<double> loss = SegmentLoss.CrossEntropy(logits, input.Graph.Label, SegmentLoss.Weights(tape, input.Graph.TrackerSide));
            tape.Backward(loss);
            return loss.Values[0];
        }

        Loss();
        double[] exact = gradients.Values.ToArray();
        double largest = exact.Max(Math.Abs);
        Assert.True(largest > 0);
        RandomDraws draws = RandomKey.FromSeed(5).Draws();
        foreach (Parameter parameter in layout.Parameters.Where(p => p.Trainable))
        {
            int at = parameter.Offset + draws.NextIndex(parameter.Length);
            double value = parameters.Values[at];
            const double Step = 1e-6;
            parameters.Values[at] = value + Step;
            double up = Loss();
            parameters.Values[at] = value - Step;
            double down = Loss();
            parameters.Values[at] = value;
            Assert.Equal((up - down) / (2 * Step), exact[at], 2e-6 * largest);
        }
    }

    [Theory]
    [InlineData("Line", false, 0, 1e-4)]
    [InlineData("Line", true, 0.01, 10)]
    [InlineData("Hit", false, 0, 1e-6)]
    [InlineData("Hit", true, 3e-5, 10)]
    public void Frames_beside_the_axis_score_as_on_it_unless_places_count_from_there(string kind, bool fromAxis, double least, double most)
    {
        ParameterLayout layout = new();
        SegmentScorer network = SegmentScorer.Create(layout, new() { Graph = Enum.Parse<ScoredGraph>(kind), Hidden = 8 });
        using ParameterVector<float> parameters = new(layout);
        parameters.Initialise(RandomKey.FromSeed(4));
        CalorimeterFrame frame = SegmentMessagesTests.Frame(6, 3);

        CalorimeterFrame beside = new()
        {
            Layer = frame.Layer,
            X = [.. frame.X.Select(x => x + 32)],
            Y = [.. frame.Y.Select(y => y - 16)],
            Z = frame.Z,
            Energy = frame.Energy,
        };
        GateOptions gates = new() { PlacesFromAxis = fromAxis };
        float[] onAxis = Logits(network, parameters, frame, null, gates);
        float[] offAxis = Logits(network, parameters, beside, null, gates);
        Assert.Equal(onAxis.Length, offAxis.Length);
        Assert.InRange(onAxis.Zip(offAxis, (a, b) => Math.Abs(a - b)).Max(), least, most);
    }

    [Fact]
    public void Hit_features_are_the_published_ones_but_for_a_shift()
    {
        using NpzReader file = GoldenFile.Open("frame_010");
        CalorimeterFrame frame = GoldenFrame.Read(file, 10);
        float[] published = file.Read<float>("hg_x");
        float[] own = new float[HitNetwork.HitFeatures * frame.Count];
        HitNetwork.Features<float>(frame, (0, 0), own);
        for (int i = 0; i < own.Length; i++)
        {
            // x and y are shifted by the pixel address of the spot, 4608 and 3072, read as mm.
            double shift = (i % 4) switch { 1 => 4.608, 2 => 3.072, _ => 0 };
            Assert.Equal(published[i], own[i] - shift, 1e-5 * Math.Max(1, Math.Abs(published[i])));
        }

        int[] ends = file.ReadConverted<int>("hg_edge_index");
        float[] attributes = file.Read<float>("hg_edge_attr");
        int edges = ends.Length / 2;
        float[] shape = new float[HitNetwork.SegmentFeatures];
        for (int e = 0; e < edges; e++)
        {
            HitNetwork.Features<float>(frame, ends[e], ends[edges + e], shape);
            for (int c = 0; c < shape.Length; c++)
            {
                Assert.Equal(attributes[(e * shape.Length) + c], shape[c], 1e-3);
            }
        }
    }

    [Fact]
    public void Frames_in_a_group_score_as_they_do_alone_and_are_normalised_together()
    {
        CalorimeterFrame first = SegmentMessagesTests.Frame(6, 3);
        CalorimeterFrame second = SegmentMessagesTests.Frame(9, 8);
        CalorimeterFrame group = FrameGroup.Of([first, second], new());
        Assert.Equal(15, group.TruthEvent.Distinct().Count());
        ParameterLayout layout = new();
        SegmentNetwork network = new(layout);
        using ParameterVector<float> parameters = new(layout);
        parameters.Initialise(RandomKey.FromSeed(4));
        float[] together = Logits(network, parameters, group, null);
        float[] alone = [.. Logits(network, parameters, first, null), .. Logits(network, parameters, second, null)];
        Assert.Equal(alone.Length, together.Length);
        Assert.All(alone.Zip(together), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        SegmentMoments moments = network.CreateMoments();
        float[] normalised = Logits(network, parameters, group, moments);
        Assert.NotEqual(normalised, (float[])[.. Logits(network, parameters, first, network.CreateMoments()),
            .. Logits(network, parameters, second, network.CreateMoments())]);
        Assert.Equal(together.Length, moments.Score[0].Rows);
    }

    [Fact]
    public void Frames_of_a_single_layer_cannot_be_grouped() =>
        Assert.Throws<ArgumentException>(() => FrameGroup.Of(
            [SegmentMessagesTests.Frame(2, 1, layers: 1), SegmentMessagesTests.Frame(2, 1, layers: 1)], new()));

    [Fact]
    public void Gates_for_fast_protons_remove_only_wide_segments_of_small_deposits()
    {
        CalorimeterFrame frame = SegmentMessagesTests.Frame(30, 6);
        SegmentGraph all = new();
        all.Build(frame, new());
        SegmentGraph gated = new();
        gated.Build(frame, new() { FastDeposit = 0.035, FastAngle = 0.1 });
        HashSet<(int, int)> kept = [.. Enumerable.Range(0, gated.Count).Select(e => (gated.Deeper[e], gated.Shallower[e]))];
        int removed = 0;
        for (int e = 0; e < all.Count; e++)
        {
            int a = all.Deeper[e];
            int b = all.Shallower[e];
            double angle = Math.Atan2(Math.Sqrt(Math.Pow(frame.X[a] - frame.X[b], 2) + Math.Pow(frame.Y[a] - frame.Y[b], 2)),
                frame.Z[a] - frame.Z[b]);
            bool fast = frame.Layer[a] >= 3 && frame.Energy[a] < 0.035 && frame.Energy[b] < 0.035;
            Assert.Equal(!(fast && angle >= 0.1), kept.Contains((a, b)));
            removed += kept.Contains((a, b)) ? 0 : 1;
        }

        Assert.True(removed > 0 && gated.Count > 0);
    }

    private static float[] Logits(SegmentScorer network, ParameterVector<float> parameters, CalorimeterFrame frame,
        SegmentMoments? moments, GateOptions? gates = null)
    {
        SegmentInput input = new();
        input.Set(frame, gates ?? new(), withMoments: moments is not null);
        using Tape<float> tape = new(recording: false);
        tape.Bind(parameters);
        return network.Forward(tape, input, moments).Values.ToArray();
    }
}
