namespace Sagitta.Tests.Tracking.LineGraphs;

/// <summary>
/// Training in float against the published code's double values. The published float values lie apart from these by what the golden
/// summary records (max_train_diff64, grad_diff64_over_maxgrad), since its sums of normalisation are in float; ours must lie nearer.
/// </summary>
public sealed class GoldenTrainingTests
{
    private const double Rate = 1e-3;

    [Fact]
    public void Small_frame_is_scored_in_float() => CompareEvaluation("frame_010", "net_trained", "out_010_trained");

    [Theory]
    [Trait("data", "full")]
    [InlineData("frame_010", "net_init", "out_010_init")]
    [InlineData("frame_030", "net_init", "out_030_init")]
    [InlineData("frame_030", "net_trained", "out_030_trained")]
    public void Frame_is_scored_in_float(string frame, string network, string output) => CompareEvaluation(frame, network, output);

    [Fact]
    public void Small_frame_trains_in_float() => CompareTraining("frame_010", "net_trained", "out_010_trained", 3.636e-4, 3.526e-5);

    [Theory]
    [Trait("data", "full")]
    [InlineData("frame_010", "net_init", "out_010_init", 1.768e-5, 1.155e-5)]
    [InlineData("frame_030", "net_init", "out_030_init", 5.164e-4, 1.514e-2)]
    [InlineData("frame_030", "net_trained", "out_030_trained", 4.299e-3, 7.352e-3)]
    public void Frame_trains_in_float(string frame, string network, string output, double logitDifference, double gradientDifference) =>
        CompareTraining(frame, network, output, logitDifference, gradientDifference);

    [Theory]
    [Trait("data", "full")]
    [InlineData("frame_100", "net_init", "out_100_init", 2.634e-2, 1.216e-2)]
    [InlineData("frame_100", "net_trained", "out_100_trained", 3.270e-2, 2.277e-2)]
    public void Large_frame_trains_in_float_from_its_hits(
        string frameName, string networkName, string outputName, double logitDifference, double gradientDifference)
    {
        using NpzReader frame = GoldenFile.Open(frameName);
        using NpzReader output = GoldenFile.Open(outputName);
        using NpzReader weights = GoldenFile.Open(networkName);
        SegmentInput input = new();
        input.Set(GoldenFrame.Read(frame, 100), new() { AnglesFromCosines = true }, withMoments: true);
        ParameterLayout layout = new();
        SegmentNetwork network = new(layout);
        using ParameterVector<float> parameters = new(layout);
        using ParameterVector<float> gradients = new(layout);
        GoldenNetwork.Read(weights, string.Empty, parameters);
        using Tape<float> tape = new();
        tape.Bind(parameters, gradients);
        Tensor<float> logits = network.Forward(tape, input, network.CreateMoments());
        AssertWithin(output.Read<double>("f64.train_logits"), logits.Values, logitDifference);
        Tensor<float> loss = SegmentLoss.CrossEntropy(logits, input.Graph.Label, SegmentLoss.Weights(tape, input.Graph.TrackerSide));
        Assert.Equal(output.Read<double>("f64.bce")[0], loss.Values[0], 1e-5);
        tape.Backward(loss);
        AssertGradients(output, gradients, gradientDifference);
    }

    private static void CompareEvaluation(string frame, string network, string outputName)
    {
        using GoldenRun<float> golden = new(frame, network, outputName);
        NpzReader output = golden.Output;
        Tensor<float> logits = golden.Forward(null);
        Tensor<float> loss = SegmentLoss.CrossEntropy(logits, golden.Labels, SegmentLoss.Weights(golden.Tape, golden.TrackerSide));
        Assert.Equal(output.ReadConverted<double>("hvp.loss")[0], loss.Values[0], 1e-5);
        AssertWithin(output.ReadConverted<double>("eval_probs"), Sigmoid<float>.Apply(logits).Values, 1e-5);
    }

    private static void CompareTraining(string frame, string network, string outputName, double logitDifference, double gradientDifference)
    {
        using GoldenRun<float> golden = new(frame, network, outputName);
        NpzReader output = golden.Output;
        AssertWithin(output.Read<double>("f64.train_logits"), golden.Forward(golden.Network.CreateMoments()).Values, logitDifference);
        Tensor<float> loss = CrossEntropy(golden);
        Assert.Equal(output.Read<double>("f64.bce")[0], loss.Values[0], 1e-5);
        golden.Tape.Backward(loss);
        AssertGradients(output, golden.Gradients, gradientDifference);
        CompareSteps(golden, gradientDifference);
    }

    // RMSprop's first move is ten times the rate in the direction of each gradient's sign, whatever its size: a gradient that the published
    // float sums leave uncertain may go either way, and the later steps with it. So the first gradient is the published one, checked above;
    // the two steps that follow are our own.
    private static void CompareSteps(GoldenRun<float> golden, double gradientDifference)
    {
        NpzReader output = golden.Output;
        double[] losses = output.ReadConverted<double>("rms3.loss");
        using RmsProp<float> optimiser = new(golden.Parameters.Layout);
        using ParameterVector<float> first = golden.Copy();
        GoldenNetwork.Read(output, "gbce.", first);
        for (int step = 0; step < losses.Length; step++)
        {
            Tensor<float> loss = CrossEntropy(golden);
            Assert.Equal(losses[step], loss.Values[0], losses[step] * Math.Max(gradientDifference, 1e-6));
            golden.Tape.Backward(loss);
            foreach (Parameter parameter in golden.Parameters.Layout.Parameters.Where(p => p.Trainable && step == 0))
            {
                first.Slice(parameter).CopyTo(golden.Gradients.Slice(parameter));
            }

            optimiser.Step(golden.Parameters, golden.Gradients, Rate);
        }

        using ParameterVector<float> expected = golden.Copy();
        GoldenNetwork.Read(output, "rms3.", expected);
        using ParameterVector<double> exact = new(golden.Parameters.Layout);
        GoldenNetwork.Read(output, "f64.gbce.", exact);
        double uncertain = gradientDifference * Largest(exact);
        int compared = 0;
        foreach (Parameter parameter in golden.Parameters.Layout.Parameters.Where(p => p.Trainable))
        {
            for (int i = 0; i < parameter.Length; i++)
            {
                // A step is ten times the rate times a function of the ratios of gradients whose slopes are below one; two steps are
                // uncertain.
                double size = Math.Abs(exact.Slice(parameter)[i]);
                if (size > uncertain)
                {
                    double bound = 10 * Rate * 3 * uncertain / size;
                    Assert.Equal(expected.Slice(parameter)[i], golden.Parameters.Slice(parameter)[i], bound + 1e-6);
                    compared++;
                }
            }
        }

        Assert.True(compared > golden.Parameters.Layout.Count * 3 / 4,
            $"{compared} parameters have gradients that the published float sums leave certain");
    }

    private static Tensor<float> CrossEntropy(GoldenRun<float> golden) =>
        SegmentLoss.CrossEntropy(golden.Forward(golden.Network.CreateMoments()), golden.Labels,
            SegmentLoss.Weights(golden.Tape, golden.TrackerSide));

    private static void AssertGradients(NpzReader output, ParameterVector<float> found, double difference)
    {
        using ParameterVector<double> exact = new(found.Layout);
        GoldenNetwork.Read(output, "f64.gbce.", exact);
        double bound = difference * Largest(exact);
        foreach (Parameter parameter in found.Layout.Parameters.Where(p => p.Trainable))
        {
            AssertWithin(exact.Slice(parameter), found.Slice(parameter), bound);
        }
    }

    private static double Largest(ParameterVector<double> gradients) =>
        gradients.Layout.Parameters.Where(p => p.Trainable).Max(p => gradients.Slice(p).ToArray().Max(Math.Abs));

    private static void AssertWithin(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double difference)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], difference);
        }
    }
}
