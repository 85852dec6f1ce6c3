namespace Sagitta.Physics.Calorimeter;

/// <summary>Events of a file one by one, ready to be overlaid to frames; of a file that names its frames, those. Safe to read from several
/// threads.</summary>
internal sealed class CalorimeterEvents
{
    /// <summary>Layers are numbered below this.</summary>
    public const int LayerCount = 1000;

    private readonly MergedHit[] _hits;
    private readonly long[] _ids;
    private readonly int[] _borders;
    private readonly HitPreparationOptions _options;
    private readonly bool _areFrames;
    private readonly bool _hasTruth;

    internal CalorimeterEvents(MergedHit[] hits, long[] ids, bool areFrames, bool hasTruth, HitPreparationOptions options)
    {
        _hits = hits;
        _ids = ids;
        _areFrames = areFrames;
        _hasTruth = hasTruth;
        _options = options;
        List<int> borders = [0];
        for (int i = 1; i <= hits.Length; i++)
        {
            if (i == hits.Length || hits[i].Group != hits[i - 1].Group)
            {
                borders.Add(i);
            }
        }

        _borders = hits.Length == 0 ? [0] : [.. borders];
    }

    /// <summary>Number of events (or frames, if the file names them), those without any hit not counted.</summary>
    public int Count => _borders.Length - 1;

    /// <summary>Number of hits of all events.</summary>
    public int HitCount => _hits.Length;

    /// <summary>Rows that were copies of others, and are left out.</summary>
    public int Copies { get; init; }

    /// <summary>Number in the file of the event (or the frame, if the file names them) at a place.</summary>
    public long NumberOf(int index) => _hits[_borders[index]].Group;

    /// <summary>These events from a place on, and the others behind them.</summary>
    public CalorimeterEvents Followed(int first, CalorimeterEvents others)
    {
        int hits = _borders[first], ids = hits == _hits.Length ? _ids.Length : _hits[hits].FirstId;
        return new(
            [.. _hits[hits..].Select(hit => hit with { FirstId = hit.FirstId - ids }),
                .. others._hits.Select(hit => hit with { FirstId = hit.FirstId + _ids.Length - ids })],
            [.. _ids[ids..], .. others._ids], _areFrames, _hasTruth, _options);
    }

    /// <summary>Number of frames of so many events.</summary>
    /// <param name="eventsPerFrame">Events of a frame.</param>
    /// <param name="incomplete">Whether the last events make a frame even if they do not fill it. Reconstruction loses none; training and
    /// evaluation compare frames of one occupancy.</param>
    public int FrameCount(int eventsPerFrame, bool incomplete = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(eventsPerFrame);
        return _areFrames ? Count : (Count / eventsPerFrame) + (incomplete && Count % eventsPerFrame != 0 ? 1 : 0);
    }

    /// <summary>One of the frames of so many consecutive events; a file that names its frames gives them as they are.</summary>
    /// <param name="index">Its place among the frames of these events.</param>
    /// <param name="eventsPerFrame">Events of a frame.</param>
    /// <param name="before">Frames before these, by which frames of events are numbered.</param>
    public CalorimeterFrame Frame(int index, int eventsPerFrame, long before = 0) =>
        _areFrames ? Overlay([index], _hits[_borders[index]].Group)
        : Overlay([.. Enumerable.Range(index * eventsPerFrame, Math.Min(eventsPerFrame, Count - (index * eventsPerFrame)))],
            before + index);

    /// <summary>Frames of consecutive events, at most so many.</summary>
    public IReadOnlyList<CalorimeterFrame> Frames(int eventsPerFrame, int most = int.MaxValue, bool incomplete = false) =>
        [.. Enumerable.Range(0, Math.Min(most, FrameCount(eventsPerFrame, incomplete))).Select(index => Frame(index, eventsPerFrame))];

    /// <summary>The frame of these events (numbers from 0 to <see cref="Count"/> - 1): layers behind a gap cut, small clusters dropped,
    /// deepest layer first, and within a layer in the order given.</summary>
    public CalorimeterFrame Overlay(ReadOnlySpan<int> events, long frameNumber = 0)
    {
        Span<int> perLayer = new int[LayerCount + 1];
        foreach (int number in events)
        {
            foreach (ref readonly MergedHit hit in _hits.AsSpan(_borders[number].._borders[number + 1]))
            {
                perLayer[hit.Layer]++;
            }
        }

        int limit = HitPreparation.LayerLimit(Present(perLayer), _options);
        perLayer.Clear();
        List<int> kept = [];
        foreach (int number in events)
        {
            for (int i = _borders[number]; i < _borders[number + 1]; i++)
            {
                if (_hits[i].Layer < limit && HitPreparation.ClusterSize(_hits[i].Energy) >= _options.SmallestCluster)
                {
                    perLayer[_hits[i].Layer]++;
                    kept.Add(i);
                }
            }
        }

        // From counts to the place of the first hit of each layer, the deepest layer first.
        int place = 0;
        for (int layer = LayerCount - 1; layer >= 0; layer--)
        {
            (perLayer[layer], place) = (place, place + perLayer[layer]);
        }

        int[] order = new int[kept.Count];
        foreach (int i in kept)
        {
            order[perLayer[_hits[i].Layer]++] = i;
        }

        return Frame(order, frameNumber, events.Length);
    }

    private CalorimeterFrame Frame(int[] order, long frameNumber, int events)
    {
        TItem[] Column<TItem>(Func<MergedHit, TItem> value) => Array.ConvertAll(order, i => value(_hits[i]));
        int[] offsets = new int[order.Length + 1];
        for (int at = 0; at < order.Length; at++)
        {
            offsets[at + 1] = offsets[at] + _hits[order[at]].Ids;
        }

        long[] ids = new long[offsets[^1]];
        for (int at = 0; at < order.Length; at++)
        {
            _ids.AsSpan(_hits[order[at]].FirstId, _hits[order[at]].Ids).CopyTo(ids.AsSpan(offsets[at]));
        }

        long[] truth = _hasTruth ? Column(hit => hit.Event) : [];
        return new()
        {
            Number = frameNumber,
            Events = !_areFrames ? events : truth.Distinct().Count(),
            Layer = Column(hit => hit.Layer),
            X = Column(hit => (float)hit.X),
            Y = Column(hit => (float)hit.Y),
            Z = Column(hit => (float)hit.Z),
            Energy = Column(hit => (float)hit.Energy),
            HitIds = ids,
            HitIdOffsets = ids.Length == order.Length ? [] : offsets,
            TruthEvent = truth,
            TruthTrack = _hasTruth ? Column(hit => hit.Track) : [],
            TruthPrimary = _hasTruth ? Column(hit => hit.Primary) : [],
        };
    }

    private static List<int> Present(ReadOnlySpan<int> perLayer)
    {
        List<int> layers = [];
        for (int layer = 0; layer < perLayer.Length; layer++)
        {
            if (perLayer[layer] > 0)
            {
                layers.Add(layer);
            }
        }

        return layers;
    }
}
