namespace Sagitta.Tracking.Tracks;

/// <summary>Fits events with given weights of their hits.</summary>
/// <param name="fit">Clusters and fit.</param>
/// <param name="options">The classical method's bound on outliers.</param>
internal sealed class TrackFinder(WeightedTrackFit fit, ClassicalOptions? options = null)
{
    private const int ChunkSize = 64;
    private readonly double _largestPull = (options ?? new()).OutlierPull;

    /// <summary>
    /// Tracks of all events; <paramref name="weights"/> holds a weight from 0 to 1 for each hit of the sample. An event without
    /// weights has status too few planes. <paramref name="measurement"/> is the model's, if there is one.
    /// </summary>
    public TrackTable Find(HitSet hits, double[] weights, WorkerThreads threads, MeasurementModel? measurement = null)
    {
        if (weights.Length != hits.HitCount)
        {
            throw new ArgumentException($"{weights.Length} weights for {hits.HitCount} hits: one a hit.", nameof(weights));
        }

        TrackTable table = new(hits.Count, fit.Geometry.PlaneCount);
        EventChunks.Run(threads, hits.Count, ChunkSize, () =>
            new TrackMemory(ChunkSize) { Measurement = measurement }, (memory, first, count) =>
        {
            Tensor<double> own = memory.Begin(hits, first, count);
            weights.AsSpan(hits.Offsets[first]..hits.Offsets[first + count]).CopyTo(own.Values);
            Fit(hits, own, memory, table);
        });
        return table;
    }

    /// <summary>Fits the events of <paramref name="memory"/> with these weights and puts the tracks into their rows of the table.</summary>
    public void Fit(HitSet hits, Tensor<double> weights, TrackMemory memory, TrackTable table)
    {
        FittedEvents fitted = fit.Apply(weights, logits: false, hits, memory.Selection, memory.Planes);
        fit.Describe(fitted, memory.Qualities);
        double scale = memory.Measurement?.ErrorScale ?? 1;
        for (int i = 0; i < memory.Selection.Length; i++)
        {
            TrackQuality quality = memory.Qualities[i];
            table.Set(memory.Selection[i], fitted, i, quality with { QOverPtError = scale * quality.QOverPtError });
            if (table.PlaneCount > 0)
            {
                fit.Residuals(fitted, i, table.Residuals.AsSpan(memory.Selection[i] * table.PlaneCount, table.PlaneCount));
            }
        }
    }

    /// <summary>
    /// A copy of <paramref name="weights"/> (one a hit) in which the hits of outlying planes weigh nothing: as in the classical method,
    /// planes that a diagonal fit finds too far away leave it one at a time, worst first.
    /// </summary>
    public double[] WithoutOutliers(HitSet hits, double[] weights, WorkerThreads threads, MeasurementModel? measurement = null)
    {
        double[] kept = [.. weights];
        EventChunks.Run(threads, hits.Count, ChunkSize, () =>
            new TrackMemory(ChunkSize) { Measurement = measurement }, (memory, first, count) =>
        {
            Tensor<double> own = memory.Begin(hits, first, count);
            int firstHit = hits.Offsets[first];
            kept.AsSpan(firstHit, own.Rows).CopyTo(own.Values);
            Clusters clusters = fit.Measure(own, logits: false, hits, memory.Selection, memory.Planes);
            Span<double> presence = clusters.Presence.Values;
            double[] before = presence.ToArray();
            OutlierRemoval.Run(fit.DiagonalFit, memory.Removal, clusters.Centroid.Values, clusters.Sigma.Values, presence, _largestPull,
                TrackStrips.MinimumPlanes);
            ReadOnlySpan<int> offsets = memory.Planes.Offsets;
            for (int g = 0; g < presence.Length; g++)
            {
                if (presence[g] == 0 && before[g] > 0)
                {
                    kept.AsSpan((firstHit + offsets[g])..(firstHit + offsets[g + 1])).Clear();
                }
            }
        });
        return kept;
    }
}

/// <summary>What a thread needs to fit some events after another; nothing is recorded, and after the first events nothing is
/// allocated.</summary>
/// <param name="mostEvents">Events at a time at most.</param>
internal sealed class TrackMemory(int mostEvents) : IDisposable
{
    private readonly int[] _selection = new int[mostEvents];
    private readonly TrackQuality[] _qualities = new TrackQuality[mostEvents];
    private readonly Tape<double> _tape = new(recording: false);
    private int _count;

    /// <summary>The events, as places in the sample.</summary>
    public ReadOnlySpan<int> Selection => _selection.AsSpan(0, _count);

    /// <summary>What the model of the next events adds; null for nothing.</summary>
    public MeasurementModel? Measurement { get; set; }

    /// <summary>Room for what the fits say of themselves.</summary>
    public Span<TrackQuality> Qualities => _qualities.AsSpan(0, _count);

    /// <summary>Room for groups of hits by event and plane.</summary>
    public Segments Planes { get; } = new();

    /// <summary>A tape for the removal of outliers.</summary>
    public Tape<double> Removal { get; } = new(recording: false);

    /// <summary>Begins with events <paramref name="first"/> .. first + count - 1; returns room for a weight of each hit.</summary>
    public Tensor<double> Begin(HitSet hits, int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _selection.Length);
        _count = count;
        for (int i = 0; i < count; i++)
        {
            _selection[i] = first + i;
        }

        _tape.Reset();
        _tape.Bind(Measurement?.Stage);
        return _tape.Allocate(hits.Offsets[first + count] - hits.Offsets[first], 1);
    }

    public void Dispose()
    {
        _tape.Dispose();
        Removal.Dispose();
    }
}
