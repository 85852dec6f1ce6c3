namespace Sagitta.Tracking.Muon;

/// <summary>What a thread needs from hits to tracks; nothing is recorded, and after the first events nothing is allocated.</summary>
internal sealed class MuonMemory : IDisposable
{
    private readonly Tape<float> _network = new(recording: false);

    public HitGraph Graph { get; } = new();
    public TrackMemory Tracks { get; } = new(MuonChain.EventsAtOnce);

    /// <summary>Memory for each of some threads.</summary>
    public static MuonMemory[] ForEach(WorkerThreads threads) => [.. Enumerable.Range(0, threads.Count).Select(_ => new MuonMemory())];

    /// <summary>Logits of the graph's hits, valid until the next call.</summary>
    public HitLogits<float> Score(HitScorer scorer, ParameterVector<float> parameters)
    {
        _network.Reset();
        _network.Bind(parameters);
        return scorer.Forward(_network, Graph);
    }

    public void Dispose()
    {
        _network.Dispose();
        Tracks.Dispose();
    }
}
