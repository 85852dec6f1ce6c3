using System.Numerics;

namespace Sagitta.Tests.Tracking.LineGraphs;

public sealed class SegmentMessagesTests
{
    [Theory]
    [InlineData(1, true, 1e-3)]
    [InlineData(12, true, 2e-5)]
    [InlineData(12, false, 2e-5)]
    public void Fused_network_in_double_agrees_with_plain_operations(int events, bool training, double tolerance) =>
        Compare<double>(events, training, tolerance);

    [Theory]
    [InlineData(12, true)]
    [InlineData(12, false)]
    public void Fused_network_in_float_agrees_with_plain_operations(int events, bool training) => Compare<float>(events, training, 1e-3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fused_gradient_agrees_with_central_differences(bool training)
    {
        SegmentInput input = new();
        input.Set(Frame(6, 3), new(), withMoments: true);
        ParameterLayout layout = new();
        SegmentNetwork network = new(layout);
        using ParameterVector<double> parameters = Parameters<double>(layout);
        using ParameterVector<double> gradients = new(layout);
        using Tape<double> tape = new();
        double Loss()
        {
            tape.Reset();
            tape.Bind(parameters, gradients);
            Tensor<double> logits = network.Forward(tape, input, training ? network.CreateMoments() : null);
            Tensor<double> loss = SegmentLoss.CrossEntropy(logits, input.Graph.Label, SegmentLoss.Weights(tape, input.Graph.TrackerSide));
            gradients.Values.Clear();
            tape.Backward(loss);
            return loss.Values[0];
        }

        if (!training)
        {
            // Running moments near the frame's own, so that no input is hundreds of deviations out.
            SegmentMoments moments = network.CreateMoments();
            for (int i = 0; i < 60; i++)
            {
                tape.Reset();
                tape.Bind(parameters, gradients);
                network.Forward(tape, input, moments);
                network.Absorb(parameters, moments);
            }
        }

        Loss();
        double[] exact = gradients.Values.ToArray();
        double largest = exact.Max(Math.Abs);
        RandomDraws draws = RandomKey.FromSeed(9).Draws();
        foreach (Parameter parameter in layout.Parameters.Where(p => p.Trainable))
        {
            for (int trial = 0; trial < 4; trial++)
            {
                int index = parameter.Offset + draws.NextIndex(parameter.Length);
                double value = parameters.Values[index];
                const double Step = 1e-7;
                parameters.Values[index] = value + Step;
                double above = Loss();
                parameters.Values[index] = value - Step;
                double below = Loss();
                parameters.Values[index] = value;
                double difference = (above - below) / (2 * Step);
                Assert.True(Math.Abs(difference - exact[index]) < 1e-6 * Math.Max(1, largest),
                    $"{parameter.Name}: {exact[index]} but differences give {difference}");
            }
        }
    }

    [Fact]
    public void Frames_without_segments_or_links_have_logits_of_their_size()
    {
        foreach (int events in new[] { 0, 1 })
        {
            SegmentInput input = new();
            CalorimeterFrame frame = Frame(events, 1, layers: 2);
            input.Set(frame, new(), withMoments: true);
            ParameterLayout layout = new();
            SegmentNetwork network = new(layout);
            using ParameterVector<float> parameters = Parameters<float>(layout);
            using ParameterVector<float> gradients = new(layout);
            using Tape<float> tape = new();
            tape.Bind(parameters, gradients);
            SegmentMoments moments = network.CreateMoments();
            Tensor<float> logits = network.Forward(tape, input, moments);
            Assert.Equal(events, logits.Rows);
            Tensor<float> loss = SegmentLoss.CrossEntropy(logits, input.Graph.Label, SegmentLoss.Weights(tape, input.Graph.TrackerSide));
            tape.Backward(loss);
            network.Absorb(parameters, moments);
            Assert.DoesNotContain(gradients.Values.ToArray(), float.IsNaN);
        }
    }

    private static void Compare<T>(int events, bool training, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SegmentInput input = new();
        input.Set(Frame(events, 7), new(), withMoments: true);
        SegmentGraph graph = input.Graph;
        ParameterLayout layout = new();
        SegmentNetwork network = new(layout);
        using ParameterVector<T> parameters = Parameters<T>(layout);
        using ParameterVector<T> fused = new(layout);
        using ParameterVector<T> plain = new(layout);
        using Tape<T> tape = new();
        SegmentMoments fusedMoments = network.CreateMoments();
        SegmentMoments plainMoments = network.CreateMoments();

        tape.Bind(parameters, fused);
        Tensor<T> logits = network.Forward(tape, input, training ? fusedMoments : null);
        tape.Backward(SegmentLoss.CrossEntropy(logits, graph.Label, SegmentLoss.Weights(tape, graph.TrackerSide)));
        T[] first = logits.Values.ToArray();

        using Tape<T> second = new();
        second.Bind(parameters, plain);
        Adjacency links = DirectedLinks.Of(graph, out float[] roots);
        Tensor<T> features = second.Constant([.. input.Features.ToArray().Select(T.CreateTruncating)], graph.Count,
            SegmentNetwork.Features);
        Tensor<T> encoding = second.Allocate(links.Edges, AngleEncoding.Width);
        for (int link = 0; link < links.Edges; link++)
        {
            AngleEncoding.Encode(roots[link], encoding.Values.Slice(link * AngleEncoding.Width, AngleEncoding.Width));
        }

        logits = network.Forward(second, features, encoding, links, training ? plainMoments : null);
        second.Backward(SegmentLoss.CrossEntropy(logits, graph.Label, SegmentLoss.Weights(second, graph.TrackerSide)));
        GoldenNetwork.AssertClose<T>(logits.Values, first, tolerance, "logits");
        GoldenNetwork.AssertClose<T>(plain.Values, fused.Values, 10 * tolerance, "gradients");

        using Tape<T> inference = new(recording: false);
        inference.Bind(parameters);
        if (!training)
        {
            GoldenNetwork.AssertClose<T>(first, network.Forward(inference, input).Values, 1e-6, "inference");
            return;
        }

        using ParameterVector<T> other = Parameters<T>(layout);
        network.Absorb(parameters, fusedMoments);
        network.Absorb(other, plainMoments);
        foreach (Parameter buffer in layout.Parameters.Where(p => !p.Trainable))
        {
            GoldenNetwork.AssertClose<T>(other.Slice(buffer), parameters.Slice(buffer), 10 * tolerance, buffer.Name);
        }
    }

    /// <summary>Straight tracks with a little scattering through a few layers.</summary>
    internal static CalorimeterFrame Frame(int events, ulong seed, int layers = 8)
    {
        List<(int Layer, float X, float Y, int Event)> hits = [];
        for (int number = 0; number < events; number++)
        {
            RandomDraws draws = RandomKey.FromSeed(seed).Split((ulong)number).Draws();
            double x = 2 * draws.NextGaussian();
            double y = 2 * draws.NextGaussian();
            double slope = 0.05 * draws.NextGaussian();
            for (int layer = 0; layer < layers; layer++)
            {
                hits.Add((layer, (float)x, (float)y, number));
                slope += 0.02 * draws.NextGaussian();
                x += slope * 5.5;
                y += 0.1 * draws.NextGaussian();
            }
        }

        (int Layer, float X, float Y, int Event)[] sorted = [.. hits.OrderByDescending(h => h.Layer)];
        return new()
        {
            Events = events,
            Layer = [.. sorted.Select(h => h.Layer)],
            X = [.. sorted.Select(h => h.X)],
            Y = [.. sorted.Select(h => h.Y)],
            Z = [.. sorted.Select(h => 200 + (5.5f * h.Layer))],
            Energy = [.. sorted.Select(h => 0.02f + (0.003f * h.Layer))],
            TruthEvent = [.. sorted.Select(h => h.Event)],
            TruthTrack = [.. sorted.Select(_ => 1)],
            TruthPrimary = [.. sorted.Select(_ => true)],
        };
    }

    private static ParameterVector<T> Parameters<T>(ParameterLayout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ParameterVector<T> parameters = new(layout);
        parameters.Initialise(RandomKey.FromSeed(1));

        // Gains and shifts away from 1 and 0, running moments away from the frame's own.
        RandomDraws draws = RandomKey.FromSeed(2).Draws();
        foreach (Parameter parameter in layout.Parameters.Where(p => p.Name.Contains("normalisation", StringComparison.Ordinal)))
        {
            foreach (ref T value in parameters.Slice(parameter))
            {
                value += T.CreateTruncating(0.2 * draws.NextUniform());
            }
        }

        return parameters;
    }
}
