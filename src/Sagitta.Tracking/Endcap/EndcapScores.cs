namespace Sagitta.Tracking.Endcap;

/// <summary>A network on the hits of one event after another: weights of hits for clusters and fits, and what tells tracks apart. Holds
/// reused memory: one a thread.</summary>
internal sealed class EndcapScores(EndcapReconstruction chain, EndcapNetwork model) : IDisposable
{
    private readonly Tape<float> _tape = new(recording: false);
    private readonly EndcapGraphBuilder _graphs = new(chain.Geometry);
    private readonly HitGraph _graph = new();

    /// <summary>The graph of an event's hits, valid until the next event.</summary>
    public HitGraph Graph(EndcapTracker tracker, EndcapEvents events, int e)
    {
        _graphs.Build(events, e, tracker, tracker.Find(events, e, []), _graph);
        return _graph;
    }

    /// <summary>Logits of an event's hits, valid until the next event.</summary>
    public HitLogits<float> Logits(EndcapTracker tracker, EndcapEvents events, int e)
    {
        HitGraph graph = Graph(tracker, events, e);
        _tape.Reset();
        _tape.Bind(model.Parameters);
        return model.Network.Forward(_tape, graph);
    }

    /// <summary>The weight of each hit, 0 where it is hardly a muon's; the tracker is told what tells tracks apart.</summary>
    public double[] Weights(EndcapTracker tracker, EndcapEvents events, int e)
    {
        HitLogits<float> logits = Logits(tracker, events, e);
        tracker.Separation = logits.Separation is { } separation ? separation.Values.ToArray() : [];
        return Weights(logits.Score.Values, logits.Weight.Values, model.Experiment.LeastProbability);
    }

    /// <summary>The weights that logits stand for.</summary>
    public static double[] Weights(ReadOnlySpan<float> scores, ReadOnlySpan<float> weights, double leastProbability)
    {
        double[] own = new double[scores.Length];
        for (int hit = 0; hit < own.Length; hit++)
        {
            own[hit] = SoftClustering.Sigmoid(scores[hit]) < leastProbability ? 0 : SoftClustering.Sigmoid(weights[hit]);
        }

        return own;
    }

    public void Dispose() => _tape.Dispose();
}
