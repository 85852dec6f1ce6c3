using System.Numerics;
using Sagitta.Autodiff.Operations;
using Sagitta.Autodiff.Solvers;
using Sagitta.Autodiff.Storage;
using Sagitta.Autodiff.Tensors;
using Sagitta.Learning.Optimisers;
using Sagitta.Reconstruction.LineGraphs;

namespace Sagitta.Tests.Reconstruction.LineGraphs;

public sealed class GoldenNetworkTests
{
    private const double Tight = 1e-7;

    [Fact]
    public void Small_frame_agrees_in_double() => CompareDouble("frame_010", "net_trained", "out_010_trained");

    [Theory]
    [Trait("data", "full")]
    [InlineData("frame_010", "net_init", "out_010_init")]
    [InlineData("frame_030", "net_init", "out_030_init")]
    [InlineData("frame_030", "net_trained", "out_030_trained")]
    public void Frame_agrees_in_double(string frame, string network, string output) => CompareDouble(frame, network, output);

    [Fact]
    public void Small_frame_agrees_in_float() => CompareFloat("frame_010", "net_trained", "out_010_trained", 4e-4);

    [Theory]
    [Trait("data", "full")]
    [InlineData("frame_010", "net_init", "out_010_init", 2e-5)]
    [InlineData("frame_030", "net_init", "out_030_init", 6e-4)]
    [InlineData("frame_030", "net_trained", "out_030_trained", 4.4e-3)]
    public void Frame_agrees_in_float(string frame, string network, string output, double trainingTolerance) => CompareFloat(frame, network, output, trainingTolerance);

    private static void CompareDouble(string frameName, string networkName, string outputName)
    {
        using Golden<double> golden = new(frameName, networkName, outputName);
        NpzReader output = golden.Output;
        Tape<double> tape = golden.Tape;

        Tensor<double> logits = golden.Forward(null);
        GoldenNetwork.AssertClose<double>(output.Read<double>("f64.eval_logits"), logits.Values, Tight, "evaluation logits");

        SegmentMoments moments = golden.Network.CreateMoments();
        logits = golden.Forward(moments);
        GoldenNetwork.AssertClose<double>(output.Read<double>("f64.train_logits"), logits.Values, Tight, "training logits");
        Tensor<double> loss = SegmentLoss.CrossEntropy(logits, golden.Labels, SegmentLoss.Weights(tape, golden.TrackerSide));
        Assert.Equal(output.Read<double>("f64.bce")[0], loss.Values[0], 1e-7);
        tape.Backward(loss);
        golden.AssertGradients("f64.gbce.", Tight);

        using ParameterVector<double> after = golden.Copy();
        golden.Network.Absorb(after, moments);
        using ParameterVector<double> expected = golden.Copy();
        GoldenNetwork.Read(output, "f64.bnafter.", expected);
        foreach (Parameter buffer in after.Layout.Parameters.Where(p => !p.Trainable))
        {
            GoldenNetwork.AssertClose<double>(expected.Slice(buffer), after.Slice(buffer), Tight, buffer.Name);
        }

        foreach (int lambda in new[] { 25, 75 })
        {
            ComparePublishedAssignment(golden, lambda);
        }
    }

    private static void ComparePublishedAssignment(Golden<double> golden, int lambda)
    {
        NpzReader output = golden.Output;
        Tape<double> tape = golden.Tape;
        string prefix = $"f64.pat{lambda}_b1.";
        Tensor<double> probabilities = Sigmoid<double>.Apply(golden.Forward(golden.Network.CreateMoments()));
        GoldenNetwork.AssertClose<double>(output.ReadConverted<double>(prefix + "probs"), probabilities.Values, 1e-6, "probabilities");

        // The published solver works on float costs; the tape is left and entered again around it.
        float[] costs = new float[probabilities.Length];
        for (int e = 0; e < costs.Length; e++)
        {
            costs[e] = 1 - (float)probabilities.Values[e];
        }

        using Tape<double> solver = new();
        AssignmentProblem problem = new() { Options = AssignmentOptions.Published(lambda) };
        problem.Set(golden.Graph.Offsets, golden.Graph.Shallower, golden.Graph.Hits);
        Tensor<double> cost = solver.Leaf([.. costs.Select(c => (double)c)], costs.Length, 1);
        Tensor<double> chosen = BlackBoxAssignment<double>.Apply(cost, problem);
        Tensor<double> loss = SegmentLoss.Distance(chosen, golden.Labels, SegmentLoss.Weights(solver, golden.TrackerSide));
        Assert.Equal(output.ReadConverted<double>(prefix + "ham")[0], loss.Values[0], 1e-7);
        solver.Backward(loss);

        // Clipping at zero makes ties, so the second solution need not be the same one, only as good.
        double[] published = output.ReadConverted<double>(prefix + "dprob");
        double moved = 0;
        for (int e = 0; e < costs.Length; e++)
        {
            double after = Math.Max(costs[e] + (lambda * chosen.Gradient[e]), 0);
            moved += after * (cost.Gradient[e] + published[e]);
        }

        Assert.Equal(0, moved, 1e-5);
        tape.PrepareGradients();
        published.CopyTo(probabilities.Gradient);
        tape.Backward();
        golden.AssertGradients(prefix + "g.", Tight);
    }

    private static void CompareFloat(string frameName, string networkName, string outputName, double trainingTolerance)
    {
        using Golden<float> golden = new(frameName, networkName, outputName);
        NpzReader output = golden.Output;
        Tensor<float> probabilities = Sigmoid<float>.Apply(golden.Forward(null));
        float[] expected = output.Read<float>("eval_probs");
        for (int e = 0; e < expected.Length; e++)
        {
            Assert.Equal(expected[e], probabilities.Values[e], 1e-5);
        }

        // The reference's own float values lie this far from its double ones (golden summary); the double ones are the measure here.
        double[] exact = output.Read<double>("f64.train_logits");
        Tensor<float> logits = golden.Forward(golden.Network.CreateMoments());
        for (int e = 0; e < exact.Length; e++)
        {
            Assert.Equal(exact[e], logits.Values[e], trainingTolerance);
        }

        using RmsProp<float> optimiser = new(golden.Parameters.Layout);
        double[] losses = output.ReadConverted<double>("rms3.loss");
        for (int step = 0; step < losses.Length; step++)
        {
            SegmentMoments moments = golden.Network.CreateMoments();
            Tensor<float> loss = SegmentLoss.CrossEntropy(golden.Forward(moments), golden.Labels, SegmentLoss.Weights(golden.Tape, golden.TrackerSide));
            Assert.Equal(losses[step], loss.Values[0], 0.02 * losses[step]);
            golden.Tape.Backward(loss);
            optimiser.Step(golden.Parameters, golden.Gradients, 1e-3);
        }
    }

    private sealed class Golden<T> : IDisposable
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly NpzReader _file;
        private readonly T[] _features;
        private readonly T[] _encoding;
        private readonly Adjacency _links;

        public Golden(string frame, string network, string output)
        {
            _file = GoldenFile.Open(frame);
            Output = GoldenFile.Open(output);
            Graph = new();
            Graph.Build(GoldenFrame.Read(_file, 0), new());
            _links = GoldenNetwork.Links(_file, Graph.Count, out float[] encoding);
            _encoding = [.. encoding.Select(T.CreateTruncating)];
            _features = [.. _file.Read<float>("lg_x").Select(T.CreateTruncating)];
            ParameterLayout layout = new();
            Network = new(layout);
            Assert.Equal(4961, layout.Count);
            Parameters = new(layout);
            Gradients = new(layout);
            using NpzReader weights = GoldenFile.Open(network);
            GoldenNetwork.Read(weights, string.Empty, Parameters);
            Tape = new();
        }

        public NpzReader Output { get; }

        public SegmentGraph Graph { get; }

        public SegmentNetwork Network { get; }

        public ParameterVector<T> Parameters { get; }

        public ParameterVector<T> Gradients { get; }

        public Tape<T> Tape { get; }

        public ReadOnlySpan<bool> Labels => Graph.Label;

        public ReadOnlySpan<bool> TrackerSide => Graph.TrackerSide;

        public Tensor<T> Forward(SegmentMoments? moments)
        {
            Tape.Reset();
            Gradients.Values.Clear();
            Tape.Bind(Parameters, Gradients);
            Tensor<T> features = Tape.Constant(_features, Graph.Count, SegmentNetwork.Features);
            Tensor<T> encoding = Tape.Constant(_encoding, _links.Edges, AngleEncoding.Width);
            return Network.Forward(Tape, features, encoding, _links, moments);
        }

        public ParameterVector<T> Copy()
        {
            ParameterVector<T> copy = new(Parameters.Layout);
            Parameters.Values.CopyTo(copy.Values);
            return copy;
        }

        public void AssertGradients(string prefix, double tolerance)
        {
            using ParameterVector<T> expected = new(Parameters.Layout);
            GoldenNetwork.Read(Output, prefix, expected);
            foreach (Parameter buffer in expected.Layout.Parameters.Where(p => !p.Trainable))
            {
                Gradients.Slice(buffer).Clear();
                expected.Slice(buffer).Clear();
            }

            GoldenNetwork.AssertClose<T>(expected.Values, Gradients.Values, tolerance, prefix);
        }

        public void Dispose()
        {
            Tape.Dispose();
            Parameters.Dispose();
            Gradients.Dispose();
            Output.Dispose();
            _file.Dispose();
        }
    }
}
