namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Scores of segments, and which beam particles their tracks find. Running averages normalise.</summary>
internal static class CalorimeterDecisions
{
    public static float[][] Logits(CalorimeterModel model, IReadOnlyList<LandscapeFrame> frames, WorkerThreads threads)
    {
        float[][] logits = new float[frames.Count][];
        Tape<float>[] tapes = [.. Enumerable.Range(0, threads.Count).Select(_ => new Tape<float>(recording: false))];
        threads.Run(frames.Count, (i, worker) => logits[i] =
            CalorimeterChain.Score(tapes[worker], model.Network, model.Parameters, frames[i].Input).Values.ToArray());
        tapes.DisposeAll();
        return logits;
    }

    public static IReadOnlyList<SegmentTrack> Tracks(LandscapeFrame frame, ReadOnlySpan<float> logits, TrackOptions options)
    {
        SegmentAssignment assignment = new();
        assignment.Solve(frame.Input.Graph, logits);
        return TrackFinding.Follow(frame.Frame, assignment.ShallowerOf, options);
    }

    /// <summary>For each findable beam particle of a frame (at least five hits), in the order of event numbers, whether a correct track was
    /// found.</summary>
    public static bool[] Found(CalorimeterFrame frame, IReadOnlyList<SegmentTrack> tracks)
    {
        SortedDictionary<long, int> hits = [];
        for (int hit = 0; hit < frame.Count; hit++)
        {
            hits[frame.TruthEvent[hit]] = hits.GetValueOrDefault(frame.TruthEvent[hit]) + (frame.TruthPrimary[hit] ? 1 : 0);
        }

        HashSet<long> found = [.. tracks.Where(t => t.Hits.All(
            h => frame.TruthPrimary[h] && frame.TruthEvent[h] == frame.TruthEvent[t.Hits[0]])).Select(t => frame.TruthEvent[t.Hits[0]])];
        return [.. hits.Where(h => h.Value >= 5).Select(h => found.Contains(h.Key))];
    }
}

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
        double[] costs = [.. network.Forward(forward, input).Values.ToArray().Select(logit => 1 / (1 + Math.Exp(logit)))];
        SegmentGraph graph = input.Graph;
        using Tape<double> tape = new();
        AssignmentProblem problem = new() { Options = options };
        problem.Set(graph.Offsets, graph.Shallower, graph.Hits, options.Margin != 0 ? graph.Label : default);
        Tensor<double> leaf = tape.Leaf(costs, costs.Length, 1);
        tape.Backward(SegmentLoss.Distance(BlackBoxAssignment<double>.Apply(leaf, problem), graph.Label,
            SegmentLoss.Weights(tape, graph.TrackerSide)));

        // Costs are 1 - p.
        return [.. leaf.Gradient.ToArray().Select(slope => -slope)];
    }
}
