namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>The gradient of the Hamming loss at the scores, through the assignment, for each segment of each frame: the slopes that stay
/// fixed in a Hessian.</summary>
internal static class AssignmentSlopes
{
    /// <summary>dL/dp of each frame's own loss (not divided by the number of frames, as the published analysis has it), at these parameters
    /// with running averages.</summary>
    public static IReadOnlyList<double[]> At(SegmentScorer network, ReadOnlySpan<double> parameters, IReadOnlyList<LandscapeFrame> frames,
        AssignmentOptions options, WorkerThreads threads)
    {
        using ParameterVector<double> vector = new(network.Layout);
        parameters.CopyTo(vector.Values);
        double[][] slopes = new double[frames.Count][];
        threads.Run(frames.Count, (index, _) => slopes[index] = Frame(network, vector, frames[index].Input, options));
        return slopes;
    }

    private static double[] Frame(SegmentScorer network, ParameterVector<double> parameters, SegmentInput input, AssignmentOptions options)
    {
        using Tape<double> forward = new(recording: false);
        forward.Bind(parameters);
        ReadOnlySpan<double> logits = network.Forward(forward, input).Values;
        double[] costs = new double[logits.Length];
        for (int e = 0; e < costs.Length; e++)
        {
            costs[e] = 1 / (1 + Math.Exp(logits[e]));
        }

        SegmentGraph graph = input.Graph;
        using Tape<double> tape = new();
        AssignmentProblem problem = new() { Options = options };
        problem.Set(graph.Offsets, graph.Shallower, graph.Hits, options.Margin != 0 ? graph.Label : default);
        Tensor<double> leaf = tape.Leaf(costs, costs.Length, 1);
        tape.Backward(SegmentLoss.Distance(BlackBoxAssignment<double>.Apply(leaf, problem), graph.Label,
            SegmentLoss.Weights(tape, graph.TrackerSide)));

        // Costs are 1 - p.
        double[] slopes = leaf.Gradient.ToArray();
        for (int e = 0; e < slopes.Length; e++)
        {
            slopes[e] = -slopes[e];
        }

        return slopes;
    }
}
