namespace Sagitta.Tracking.Scoring;

/// <summary>Scores every hit of a sample with a trained network; nothing is recorded.</summary>
internal sealed class HitScores
{
    private const int ChunkSize = 8;
    private readonly HitScorer _scorer;
    private readonly HitGraphBuilder _graphs;

    /// <summary>A network and the graphs that it was trained on.</summary>
    public HitScores(HitScorer scorer, HitGraphBuilder graphs)
    {
        _scorer = scorer;
        _graphs = graphs;
    }

    /// <summary>Both logits of each hit of the sample. The result depends neither on threads nor on how events are batched.</summary>
    public SampleLogits Logits(EventSet events, ParameterVector<float> parameters, WorkerThreads threads) =>
        Logits(events, [parameters], threads)[0];

    /// <summary>The same of several networks of one shape: graphs are built once.</summary>
    public IReadOnlyList<SampleLogits> Logits(EventSet events, IReadOnlyList<ParameterVector<float>> networks, WorkerThreads threads)
    {
        SampleLogits[] logits = [.. networks.Select(_ => new SampleLogits(new float[events.HitCount], new float[events.HitCount]))];
        Workspace[] workspaces = [.. Enumerable.Range(0, threads.Count).Select(_ => new Workspace())];
        try
        {
            threads.Run((events.Count + ChunkSize - 1) / ChunkSize, (chunk, worker) =>
            {
                Workspace workspace = workspaces[worker];
                int first = chunk * ChunkSize;
                int count = Math.Min(ChunkSize, events.Count - first);
                Span<int> selection = workspace.Selection.AsSpan(0, count);
                for (int i = 0; i < count; i++)
                {
                    selection[i] = first + i;
                }

                _graphs.Build(events, selection, workspace.Graph);
                for (int n = 0; n < logits.Length; n++)
                {
                    workspace.Tape.Reset();
                    workspace.Tape.Bind(networks[n]);
                    HitLogits<float> own = _scorer.Forward(workspace.Tape, workspace.Graph);
                    own.Score.Values.CopyTo(logits[n].Score.AsSpan(events.HitOffsets[first]));
                    own.Weight.Values.CopyTo(logits[n].Weight.AsSpan(events.HitOffsets[first]));
                }
            });
        }
        finally
        {
            foreach (Workspace workspace in workspaces)
            {
                workspace.Dispose();
            }
        }

        return logits;
    }

    private sealed class Workspace : IDisposable
    {
        public Tape<float> Tape { get; } = new(recording: false);

        public HitGraph Graph { get; } = new();

        public int[] Selection { get; } = new int[ChunkSize];

        public void Dispose() => Tape.Dispose();
    }
}
