namespace Sagitta.Tracking.Muon;

/// <summary>
/// Hits to tracks for a few events after another, with memory of its own: one object a thread. Graph and network go event by event, which
/// keeps them in the caches; the fits of one call share vectors. Nothing is recorded, and after the first events nothing is allocated. Each
/// track has the same bits whichever events it is found with.
/// </summary>
internal sealed class MuonReconstruction : IDisposable
{
    /// <summary>Events of one call at most: as many as fit together in the widest vectors.</summary>
    public const int MostEvents = 8;

    private readonly MuonChain _chain;
    private readonly MuonModel _model;
    private readonly HitGraph _graph = new();
    private readonly Tape<float> _network = new(recording: false);
    private readonly Tape<double> _fit = new(recording: false);
    private readonly Segments _planeHits = new();
    private readonly int[] _selection = new int[MostEvents];
    private readonly TrackQuality[] _qualities = new TrackQuality[MostEvents];

    /// <summary>Reconstructs with a model and the chain of its configuration.</summary>
    public MuonReconstruction(MuonChain chain, MuonModel model)
    {
        _chain = chain;
        _model = model;
    }

    /// <summary>
    /// Finds the tracks of events <paramref name="first"/> .. first + count - 1, at most <see cref="MostEvents"/>, and puts them into those
    /// rows of <paramref name="tracks"/>.
    /// </summary>
    public void Reconstruct(EventSet events, int first, int count, TrackTable tracks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostEvents);
        Span<int> selection = _selection.AsSpan(0, count);
        _fit.Reset();
        _planeHits.Clear();
        Tensor<double> weights = _fit.Allocate(events.HitOffsets[first + count] - events.HitOffsets[first], 1);
        Span<double> rest = weights.Values;
        for (int i = 0; i < count; i++)
        {
            selection[i] = first + i;
            _chain.Graphs.Build(events, selection.Slice(i, 1), _graph);
            _network.Reset();
            _network.Bind(_model.Parameters);
            ReadOnlySpan<float> logits = _chain.Scorer.Forward(_network, _graph).Weight.Values;
            for (int hit = 0; hit < logits.Length; hit++)
            {
                rest[hit] = _model.Reading.Weight(logits[hit]);
            }

            rest = rest[logits.Length..];
            ReadOnlySpan<int> offsets = _graph.PlaneHits.Offsets;
            for (int plane = 0; plane + 1 < offsets.Length; plane++)
            {
                _planeHits.Append(offsets[plane + 1] - offsets[plane]);
            }
        }

        FittedEvents fitted = _chain.Tracks.Apply(weights, logits: false, events, selection, _planeHits);
        _chain.Tracks.Describe(fitted, _qualities.AsSpan(0, count));
        for (int i = 0; i < count; i++)
        {
            tracks.Set(first + i, fitted, i, _qualities[i]);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _network.Dispose();
        _fit.Dispose();
    }
}
