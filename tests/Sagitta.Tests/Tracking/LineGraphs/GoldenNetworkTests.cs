namespace Sagitta.Tests.Tracking.LineGraphs;

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

    private static void CompareDouble(string frameName, string networkName, string outputName)
    {
        using GoldenRun<double> golden = new(frameName, networkName, outputName);
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

    private static void ComparePublishedAssignment(GoldenRun<double> golden, int lambda)
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
}
