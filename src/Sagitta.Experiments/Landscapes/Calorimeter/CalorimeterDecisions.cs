namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Scores of segments and what follows from them: the assignment at costs 1 - p and the tracks. Running averages
/// normalise.</summary>
internal static class CalorimeterDecisions
{
    public static float[][] Scores(CalorimeterModel model, IReadOnlyList<LandscapeFrame> frames, WorkerThreads threads)
    {
        float[][] scores = new float[frames.Count][];
        Tape<float>[] tapes = [.. Enumerable.Range(0, threads.Count).Select(_ => new Tape<float>(recording: false))];
        threads.Run(frames.Count, (i, worker) =>
        {
            tapes[worker].Reset();
            tapes[worker].Bind(model.Parameters);
            scores[i] = model.Network.Forward(tapes[worker], frames[i].Input).Values.ToArray();
            foreach (ref float score in scores[i].AsSpan())
            {
                score = 1 / (1 + MathF.Exp(-score));
            }
        });
        foreach (Tape<float> tape in tapes)
        {
            tape.Dispose();
        }

        return scores;
    }

    /// <summary>The segments that the assignment chooses: for each hit its segment towards the beam, or -1.</summary>
    public static int[] Assign(SegmentGraph graph, ReadOnlySpan<float> scores)
    {
        float[] costs = new float[scores.Length];
        for (int e = 0; e < costs.Length; e++)
        {
            costs[e] = 1 - scores[e];
        }

        int[] segmentOfHit = new int[graph.Hits];
        new SparseAssignment().Solve<float>(graph.Offsets, graph.Shallower, graph.Hits, costs, segmentOfHit);
        return segmentOfHit;
    }

    public static bool[] Chosen(SegmentGraph graph, ReadOnlySpan<int> segmentOfHit)
    {
        bool[] chosen = new bool[graph.Count];
        foreach (int segment in segmentOfHit)
        {
            if (segment >= 0)
            {
                chosen[segment] = true;
            }
        }

        return chosen;
    }

    public static IReadOnlyList<SegmentTrack> Tracks(LandscapeFrame frame, ReadOnlySpan<int> segmentOfHit, TrackOptions options)
    {
        int[] shallowerOf = new int[frame.Frame.Count];
        TrackFinding.Join(frame.Input.Graph, segmentOfHit, shallowerOf);
        return TrackFinding.Follow(frame.Frame, shallowerOf, options);
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
