namespace Sagitta.Tracking.Tracks;

/// <summary>
/// The classical method's removal of outliers after any weighting of hits: planes that a fit finds too far away lose the weights of their
/// hits, one at a time, worst first. The same clustering and fit then follow as for every other weighting.
/// </summary>
internal sealed class OutlierPlanes
{
    private const int ChunkSize = 64;

    private readonly WeightedTrackFit _fit;
    private readonly double _largestPull;

    /// <summary>A removal by the pulls of <paramref name="fit"/>'s diagonal form.</summary>
    public OutlierPlanes(WeightedTrackFit fit, ClassicalOptions? options = null)
    {
        _fit = fit;
        _largestPull = (options ?? new()).OutlierPull;
    }

    /// <summary>A copy of <paramref name="weights"/> (one a hit) in which the hits of outlying planes weigh nothing.</summary>
    public double[] Without(EventSet events, double[] weights, WorkerThreads threads)
    {
        double[] kept = [.. weights];
        Workspace[] workspaces = [.. Enumerable.Range(0, threads.Count).Select(_ => new Workspace())];
        try
        {
            threads.Run((events.Count + ChunkSize - 1) / ChunkSize, (chunk, worker) => Clear(events, kept, chunk, workspaces[worker]));
        }
        finally
        {
            foreach (Workspace workspace in workspaces)
            {
                workspace.Dispose();
            }
        }

        return kept;
    }

    private void Clear(EventSet events, double[] weights, int chunk, Workspace workspace)
    {
        int first = chunk * ChunkSize;
        int count = Math.Min(ChunkSize, events.Count - first);
        Span<int> selection = workspace.Selection.AsSpan(0, count);
        for (int i = 0; i < count; i++)
        {
            selection[i] = first + i;
        }

        PlaneGroups.Set(workspace.PlaneHits, events, first, count);
        int firstHit = events.HitOffsets[first];
        int hits = events.HitOffsets[first + count] - firstHit;
        workspace.Tape.Reset();
        Tensor<double> scores = workspace.Tape.Constant(weights.AsSpan(firstHit, hits), hits, 1);
        Clusters clusters = _fit.Apply(scores, logits: false, events, selection, workspace.PlaneHits).Clusters;
        Span<double> presence = clusters.Presence.Values;
        double[] before = presence.ToArray();
        OutlierRemoval.Run(_fit.DiagonalFit, workspace.Removal, clusters.Centroid.Values, clusters.Sigma.Values, presence, _largestPull,
            TrackStrips.MinimumPlanes);
        ReadOnlySpan<int> offsets = workspace.PlaneHits.Offsets;
        for (int g = 0; g < presence.Length; g++)
        {
            if (presence[g] == 0 && before[g] > 0)
            {
                weights.AsSpan((firstHit + offsets[g])..(firstHit + offsets[g + 1])).Clear();
            }
        }
    }

    private sealed class Workspace : IDisposable
    {
        public Tape<double> Tape { get; } = new(recording: false);

        public Tape<double> Removal { get; } = new(recording: false);

        public Segments PlaneHits { get; } = new();

        public int[] Selection { get; } = new int[ChunkSize];

        public void Dispose()
        {
            Tape.Dispose();
            Removal.Dispose();
        }
    }
}
