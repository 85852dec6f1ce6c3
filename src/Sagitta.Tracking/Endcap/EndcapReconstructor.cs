namespace Sagitta.Tracking.Endcap;

/// <summary>All events of a sample to tracks, by one of the methods. Results do not depend on the number of threads.</summary>
internal static class EndcapReconstructor
{
    public const string Truth = "truth";
    public const string Classical = "classical";

    /// <summary>The tracks of each event that a model finds, or without one the classical method.</summary>
    public static IReadOnlyList<EndcapTrack>[] Reconstruct(
        EndcapReconstruction chain, EndcapEvents events, EndcapNetwork? model, WorkerThreads threads, CancellationToken stop = default)
    {
        IReadOnlyList<EndcapTrack>[] tracks = new IReadOnlyList<EndcapTrack>[events.Count];
        EventChunks.Run(threads, events.Count, 1, () => new EndcapMemory(chain, model), (memory, e, _) =>
        {
            stop.ThrowIfCancellationRequested();
            tracks[e] = memory.Reconstruct(events, e);
        });
        return tracks;
    }

    /// <summary>The tracks of the hits of each true muon: what a perfect choice of hits gives.</summary>
    public static IReadOnlyList<EndcapTrack>[] Follow(EndcapReconstruction chain, EndcapEvents events, WorkerThreads threads)
    {
        IReadOnlyList<EndcapTrack>[] tracks = new IReadOnlyList<EndcapTrack>[events.Count];
        EventChunks.Run(threads, events.Count, 1, () => new EndcapMemory(chain, null), (memory, e, _) =>
        {
            TrackState[] muons = events.MuonsOf(e).ToArray();
            tracks[e] = [.. muons.Select((muon, m) => memory.Tracker.Follow(
                events, e, m, Array.ConvertAll(events.Label[events.HitsOf(e)], label => label == m ? 1.0 : 0), muon))];
        });
        return tracks;
    }
}

/// <summary>What a thread needs from hits to tracks.</summary>
internal sealed class EndcapMemory : IDisposable
{
    private readonly EndcapReconstruction _chain;
    private readonly EndcapScores? _scores;
    private readonly EndcapKalmanTracker? _classical;

    public EndcapMemory(EndcapReconstruction chain, EndcapNetwork? model)
    {
        (_chain, Tracker) = (chain, new(chain));
        _scores = model is null ? null : new(chain, model);
        _classical = model is null ? new(chain) : null;
    }

    public EndcapTracker Tracker { get; }

    public IReadOnlyList<EndcapTrack> Reconstruct(EndcapEvents events, int e) =>
        _classical is not null ? _classical.Reconstruct(events, e)
        : Tracker.Reconstruct(events, e, EndcapTracker.Refusal(events, e, _chain.Search) is null
            ? _scores!.Weights(Tracker, events, e) : []);

    public void Dispose() => _scores?.Dispose();
}

/// <summary>A network on the hits of one event after another: weights of hits for clusters and fits, and what tells tracks apart. Holds
/// reused memory: one a thread.</summary>
internal sealed class EndcapScores(EndcapReconstruction chain, EndcapNetwork model) : IDisposable
{
    private readonly Tape<float> _tape = new(recording: false);
    private readonly EndcapGraphBuilder _graphs = new(chain.Geometry);
    private readonly HitGraph _graph = new();

    /// <summary>Logits of an event's hits, valid until the next event.</summary>
    public HitLogits<float> Logits(EndcapTracker tracker, EndcapEvents events, int e)
    {
        _graphs.Build(events, e, tracker, tracker.Find(events, e, []), _graph);
        _tape.Reset();
        _tape.Bind(model.Parameters);
        return model.Network.Forward(_tape, _graph);
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
