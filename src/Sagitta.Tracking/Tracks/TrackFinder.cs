namespace Sagitta.Tracking.Tracks;

/// <summary>Fits every event of a sample with given weights of its hits, chunk by chunk on several threads.</summary>
internal sealed class TrackFinder
{
    private const int ChunkSize = 64;
    private readonly WeightedTrackFit _fit;

    /// <summary>A finder that fits with <paramref name="fit"/>.</summary>
    public TrackFinder(WeightedTrackFit fit) => _fit = fit;

    /// <summary>
    /// Tracks of all events; <paramref name="weights"/> holds a weight from 0 to 1 for each hit of the sample. An event without
    /// weights has status too few planes.
    /// </summary>
    public TrackTable Find(EventSet events, double[] weights, WorkerThreads threads)
    {
        if (weights.Length != events.HitCount)
        {
            throw new ArgumentException($"{weights.Length} weights for {events.HitCount} hits: one a hit.", nameof(weights));
        }

        TrackTable table = new(events.Count);
        Workspace[] workspaces = [.. Enumerable.Range(0, threads.Count).Select(_ => new Workspace())];
        try
        {
            threads.Run((events.Count + ChunkSize - 1) / ChunkSize, (chunk, worker) =>
                FindChunk(events, weights, chunk, workspaces[worker], table));
        }
        finally
        {
            foreach (Workspace workspace in workspaces)
            {
                workspace.Dispose();
            }
        }

        return table;
    }

    private void FindChunk(EventSet events, double[] weights, int chunk, Workspace workspace, TrackTable table)
    {
        int first = chunk * ChunkSize;
        int count = Math.Min(ChunkSize, events.Count - first);
        Span<int> selection = workspace.Selection.AsSpan(0, count);
        workspace.PlaneHits.Clear();
        for (int i = 0; i < count; i++)
        {
            selection[i] = first + i;
            int hit = events.HitOffsets[first + i];
            int end = events.HitOffsets[first + i + 1];
            for (int plane = 0; plane < events.PlaneCount; plane++)
            {
                int start = hit;
                while (hit < end && events.HitPlane[hit] == plane)
                {
                    hit++;
                }

                workspace.PlaneHits.Append(hit - start);
            }
        }

        int firstHit = events.HitOffsets[first];
        int hits = events.HitOffsets[first + count] - firstHit;
        workspace.Tape.Reset();
        Tensor<double> scores = workspace.Tape.Constant(weights.AsSpan(firstHit, hits), hits, 1);
        FittedEvents fitted = _fit.Apply(scores, logits: false, events, selection, workspace.PlaneHits);
        _fit.Describe(fitted, workspace.Qualities.AsSpan(0, count));
        for (int i = 0; i < count; i++)
        {
            table.Set(first + i, fitted, i, workspace.Qualities[i]);
        }
    }

    private sealed class Workspace : IDisposable
    {
        public Tape<double> Tape { get; } = new(recording: false);

        public Segments PlaneHits { get; } = new();

        public int[] Selection { get; } = new int[ChunkSize];

        public TrackQuality[] Qualities { get; } = new TrackQuality[ChunkSize];

        public void Dispose() => Tape.Dispose();
    }
}
