using System.Numerics;

namespace Sagitta.Tracking.Muon;

/// <summary>
/// The muon system from hits to tracks: hits become a graph, a network gives each hit logits, a reading makes weights of them, soft
/// clusters of weighted hits are fitted with a circle. Before the fit the hits of one track may be searched for and outliers removed.
/// Training puts the same stages on tapes that record (see <see cref="MuonLoss"/>). Stateless: threads share it, each with memory of its
/// own.
/// </summary>
internal sealed class MuonChain
{
    /// <summary>Events of one call at most: as many as fit together in the widest vectors.</summary>
    public const int EventsAtOnce = 8;

    private readonly TrackSearch _search;
    private readonly Lazy<ResolutionLimit> _limit;

    /// <summary>Builds the stages of an experiment.</summary>
    /// <param name="experiment">The configuration.</param>
    /// <param name="detector">The detector as reconstruction believes it to be.</param>
    /// <param name="limit">The limit to measure in; null for that of <paramref name="detector"/>.</param>
    public MuonChain(MuonExperiment experiment, Detector detector, ResolutionLimit? limit = null)
        : this(experiment.Reconstruction, detector, limit, experiment.Loss.DetachErrors,
            detachTrack: !experiment.Loss.EndToEnd && experiment.Loss.LocalLikelihood > 0)
    {
    }

    /// <summary>Builds the stages.</summary>
    public MuonChain(MuonReconstructionOptions options, Detector detector, ResolutionLimit? limit = null, bool detachErrors = false,
        bool detachTrack = false)
    {
        Options = options;
        Detector = detector;
        Graphs = new(detector, options.Graph);
        Scorer = new(options.Network);
        Tracks = new(detector, options.Clustering, options.Fit, options.ChargeWeighted, detachErrors,
            options.Measurement.Enabled ? new(options.Measurement, detector, Scorer.Layout) : null, detachTrack);
        Finder = new(Tracks, options.Classical);
        _search = new(Tracks, options.Classical, options.Clustering);
        _limit = new(() => limit ?? new(detector, detector.NominalResolution));
    }

    /// <summary>Settings of the stages.</summary>
    public MuonReconstructionOptions Options { get; }

    public Detector Detector { get; }

    /// <summary>Hits to graph.</summary>
    public HitGraphBuilder Graphs { get; }

    /// <summary>Graph to logits.</summary>
    public HitScorer Scorer { get; }

    /// <summary>Weights to tracks on a tape.</summary>
    public WeightedTrackFit Tracks { get; }

    /// <summary>Weights to a table of tracks, and removal of outliers.</summary>
    public TrackFinder Finder { get; }

    /// <summary>The Cramer-Rao bound at <see cref="Detector.NominalResolution"/>.</summary>
    public ResolutionLimit Limit => _limit.Value;

    public CircleGeometry Geometry => Tracks.Geometry;

    /// <summary>Tracks of all events: each hit weighs what its logit says.</summary>
    public TrackTable Reconstruct(MuonModel model, HitSet hits, WorkerThreads threads)
    {
        MuonMemory[] memories = MuonMemory.ForEach(threads);
        try
        {
            return Reconstruct(model, hits, threads, memories);
        }
        finally
        {
            memories.DisposeAll();
        }
    }

    /// <summary>The same with memory of the caller, one a thread.</summary>
    public TrackTable Reconstruct(MuonModel model, HitSet hits, WorkerThreads threads, MuonMemory[] memories)
    {
        TrackTable tracks = new(hits.Count, Detector.Planes.Count);
        HitSet[] images = Images(hits);
        EventChunks.Run(threads, hits.Count, EventsAtOnce, memories, (memory, first, count) =>
            Reconstruct(model, images, first, count, memory, tracks));
        return tracks;
    }

    /// <summary>
    /// The same for events <paramref name="first"/> .. first + count - 1, at most <see cref="EventsAtOnce"/>, of the first of
    /// <paramref name="images"/> (see <see cref="Images"/>). Graph and network go event by event, which keeps them in the caches; the fits
    /// share vectors. Each track has the same bits whichever events it is found with.
    /// </summary>
    public void Reconstruct(MuonModel model, ReadOnlySpan<HitSet> images, int first, int count, MuonMemory memory, TrackTable tracks) =>
        Finder.Fit(images[0], Weigh(model, images, first, count, memory), memory.Tracks, tracks);

    /// <summary>The same as clusters and tracks on a tape, valid until the memory is used again.</summary>
    public FittedEvents Fit(MuonModel model, ReadOnlySpan<HitSet> images, int first, int count, MuonMemory memory) =>
        Tracks.Apply(Weigh(model, images, first, count, memory), logits: false, images[0], memory.Tracks.Selection, memory.Tracks.Planes);

    /// <summary>The weights of their hits, in that memory.</summary>
    public Tensor<double> Weigh(MuonModel model, ReadOnlySpan<HitSet> images, int first, int count, MuonMemory memory)
    {
        memory.Tracks.Measurement = model.Measurement;
        HitSet hits = images[0];
        Tensor<double> weights = memory.Tracks.Begin(hits, first, count);
        Span<double> rest = weights.Values;
        for (int i = 0; i < count; i++)
        {
            Span<double> own = rest[..(hits.Offsets[first + i + 1] - hits.Offsets[first + i])];
            foreach (HitSet image in images)
            {
                Graphs.Build(image, memory.Tracks.Selection.Slice(i, 1), memory.Graph);
                Take(memory.Score(Scorer, model.Parameters).Weight.Values, memory.Graph, own, isMirrored: !ReferenceEquals(image, hits));
            }

            foreach (ref double weight in own)
            {
                weight = model.Reading.Weight(weight);
            }

            rest = rest[own.Length..];
        }

        return weights;
    }

    /// <summary>The events as the network is to see them: themselves, and where it is to be symmetric their mirror images.</summary>
    public HitSet[] Images(HitSet hits) => Options.Network.Symmetric ? [hits, hits.Mirrored()] : [hits];

    // Logits of the events, then the mean with those of their mirror images, whose planes hold the hits the other way round.
    private static void Take<T>(ReadOnlySpan<float> logits, HitGraph graph, Span<T> target, bool isMirrored)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<int> borders = graph.PlaneHits.Offsets;
        for (int g = 0; g + 1 < borders.Length; g++)
        {
            for (int hit = borders[g]; hit < borders[g + 1]; hit++)
            {
                T own = T.CreateTruncating(logits[hit]);
                int place = isMirrored ? borders[g] + borders[g + 1] - 1 - hit : hit;
                target[place] = isMirrored ? (target[place] + own) / (T.One + T.One) : own;
            }
        }
    }

    /// <summary>Tracks of all events with the hits of one track alone and outliers removed: slower, and surer where background makes
    /// segments. What models that differ in parameters and readings alone share is done once.</summary>
    public IReadOnlyList<TrackTable> Search(IReadOnlyList<MuonModel> models, HitSet hits, WorkerThreads threads)
    {
        IReadOnlyList<SampleLogits> logits = Logits(hits, [.. models.Select(m => m.Parameters)], threads);
        ScoredHits[] networks = [.. models.Zip(logits, (model, own) =>
            new ScoredHits(own.Score, model.ReadingOfCleaned.Weights(own.Weight)))];
        return [.. _search.Within(hits, networks, threads).Zip(models, (within, model) => Finder.Find(
            hits, Finder.WithoutOutliers(hits, within, threads, model.Measurement), threads, model.Measurement))];
    }

    /// <summary>Weights of hits that a network scored, those off the one track that is searched for being 0.</summary>
    public double[] WithinTrack(HitSet hits, ScoredHits network, WorkerThreads threads) => _search.Within(hits, network, threads);

    /// <summary>Both logits of all hits, of several networks of one shape: graphs are built once. They depend neither on threads nor on how
    /// events are batched.</summary>
    public IReadOnlyList<SampleLogits> Logits(HitSet hits, IReadOnlyList<ParameterVector<float>> networks, WorkerThreads threads)
    {
        SampleLogits[] logits = [.. networks.Select(_ => new SampleLogits(new float[hits.HitCount], new float[hits.HitCount]))];
        HitSet[] images = Images(hits);
        EventChunks.Run(threads, hits.Count, EventsAtOnce, () => new MuonMemory(), (memory, first, count) =>
        {
            _ = memory.Tracks.Begin(hits, first, count);
            for (int i = 0; i < count; i++)
            {
                int at = hits.Offsets[first + i];
                foreach (HitSet image in images)
                {
                    Graphs.Build(image, memory.Tracks.Selection.Slice(i, 1), memory.Graph);
                    for (int n = 0; n < logits.Length; n++)
                    {
                        HitLogits<float> own = memory.Score(Scorer, networks[n]);
                        Take(own.Score.Values, memory.Graph, logits[n].Score.AsSpan(at), isMirrored: !ReferenceEquals(image, hits));
                        Take(own.Weight.Values, memory.Graph, logits[n].Weight.AsSpan(at), isMirrored: !ReferenceEquals(image, hits));
                    }
                }
            }
        });
        return logits;
    }

    /// <summary>Weights without a network: 1 for hits of the track that the classical method finds, 0 for others.</summary>
    public double[] ClassicalWeights(HitSet hits, WorkerThreads threads)
    {
        double[] weights = new double[hits.HitCount];
        EventChunks.Run(threads, hits.Count, 1, () => new ClassicalMethod(Detector, Options.Classical, Options.Clustering),
            (method, e, _) => method.Select(hits, e, weights.AsSpan(hits.HitsOf(e))));
        return weights;
    }

    /// <summary>One unit of residual of every event in 1/GeV: the limit at its true momentum; 1 without a muon.</summary>
    public double[] ReferenceSigma(EventSet events) =>
        [.. Enumerable.Range(0, events.Count).Select(e => events.TruthMuon[e] != 0 ? Limit.Sigma(events.TruthQOverPt[e]) : 1)];
}
