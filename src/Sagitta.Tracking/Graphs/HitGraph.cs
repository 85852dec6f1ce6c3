namespace Sagitta.Tracking.Graphs;

/// <summary>
/// The hits of consecutive events as one graph: features of hits and edges, who is joined to whom, which hits form a plane of
/// an event. No truth is in it. Reused from batch to batch; it grows when it must.
/// </summary>
internal sealed class HitGraph
{
    /// <summary>Numbers that describe a hit.</summary>
    public const int HitFeatureCount = 10;

    /// <summary>Numbers that describe an edge.</summary>
    public const int EdgeFeatureCount = 8;

    /// <summary>Numbers of a hit that its edges are described by: its place, then the leans of its tracklet as source and as
    /// target.</summary>
    internal const int EdgeTermCount = 3 * EdgeFeatureCount;

    /// <summary>Edges that are written at once: there is room for so many beyond those counted.</summary>
    internal const int EdgePadding = 16;

    private float[] _hitFeatures = [];
    private float[] _edgeTerms = [];
    private PinnedBuffer<float> _edgeFeatures = new(0);
    private int[] _sources = [];
    private int[] _links = [];
    private int[] _incoming = [];
    private int[] _lower = [];
    private double[] _offsets = [];
    private Tracklet[] _tracklets = [];
    private int[] _planeStart = [];
    private int _planes;

    /// <summary>Who is joined to whom, ordered by target.</summary>
    public Adjacency Adjacency { get; } = new();

    /// <summary>Hits of each event.</summary>
    public Segments EventHits { get; } = new();

    /// <summary>Hits of each plane of each event (event-major): group event x planes + plane.</summary>
    public Segments PlaneHits { get; } = new();

    /// <summary>Number of hits.</summary>
    public int Hits { get; internal set; }

    /// <summary>Number of directed edges.</summary>
    public int Edges { get; internal set; }

    /// <summary>
    /// Hits x <see cref="HitFeatureCount"/>: y from the road (in 50 mm), z in the station, station, logarithm of charge, time,
    /// charge of the two neighbouring strips over the hit's own; share of planes, slope and ambiguity of its tracklet.
    /// </summary>
    public ReadOnlySpan<float> HitFeatures => _hitFeatures.AsSpan(0, Hits * HitFeatureCount);

    /// <summary>Edges x <see cref="EdgeFeatureCount"/>: slope against the road's, distance in z, same plane, across stations, difference in
    /// time, slope against the tracklets of both hits, and across stations the distance from the circle of both tracklets.</summary>
    public ReadOnlySpan<float> EdgeFeatures => _edgeFeatures.Values[..(Edges * EdgeFeatureCount)];

    /// <summary>The memory of <see cref="EdgeFeatures"/>, for use in place until the graph is built anew.</summary>
    public PinnedBuffer<float> EdgeFeatureMemory => _edgeFeatures;

    /// <summary>Hits that it holds without growing.</summary>
    public int HitCapacity => _tracklets.Length;

    /// <summary>Edges that it holds without growing.</summary>
    public int EdgeCapacity => Math.Max(_sources.Length - EdgePadding, 0);

    /// <summary>
    /// Makes room ahead. Graphs that take turns at events of changing sizes stop growing together when each has the room of the largest.
    /// </summary>
    public void Reserve(int hits, int edges)
    {
        if (hits > HitCapacity)
        {
            Array.Resize(ref _hitFeatures, hits * HitFeatureCount);
            Array.Resize(ref _incoming, hits + 1);
            Array.Resize(ref _edgeTerms, hits * EdgeTermCount);
            Array.Resize(ref _tracklets, hits);
            Array.Resize(ref _offsets, hits + (_planes * OrderedWindow.Padding));
        }

        if (edges > EdgeCapacity)
        {
            ResizeEdges(edges);
        }

        Adjacency.Reserve(HitCapacity, EdgeCapacity);
    }

    internal Span<float> MutableHitFeatures => _hitFeatures.AsSpan(0, Hits * HitFeatureCount);

    /// <summary>y of the hits of one event from what the road predicts, mm, in the layout of <see cref="TrackletSearch.Find"/>.</summary>
    internal Span<double> Offsets(int hits) => _offsets.AsSpan(0, hits + (_planes * OrderedWindow.Padding));

    internal Span<float> EdgeTerms => _edgeTerms.AsSpan(0, Hits * EdgeTermCount);

    internal Span<Tracklet> Tracklets => _tracklets.AsSpan(0, Hits);

    internal void Begin(int hits, int planes)
    {
        Hits = hits;
        Edges = 0;
        _planes = planes;
        EventHits.Clear();
        PlaneHits.Clear();
        Grow(ref _tracklets, hits);
        Grow(ref _hitFeatures, HitCapacity * HitFeatureCount);
        Grow(ref _edgeTerms, HitCapacity * EdgeTermCount);
        Grow(ref _offsets, HitCapacity + (planes * OrderedWindow.Padding));
        Grow(ref _incoming, HitCapacity + 1);
        _incoming[0] = 0;
        Grow(ref _lower, planes);
        Grow(ref _planeStart, planes + 1);
    }

    internal Span<int> Lower(int planes) => _lower.AsSpan(0, planes);

    internal Span<int> PlaneStart(int planes) => _planeStart.AsSpan(0, planes + 1);

    /// <summary>Makes room for that many edges beyond those there are; sources, links and features are written in place from
    /// <see cref="Edges"/> on.</summary>
    internal void ReserveEdges(int more)
    {
        int length = Edges + more;
        if (length > EdgeCapacity)
        {
            ResizeEdges(Math.Max(length, Math.Max(1024, EdgeCapacity * 2)));
        }
    }

    internal Span<int> FreeSources => _sources.AsSpan(Edges);

    /// <summary>Number of the link of each edge among those of its target's plane.</summary>
    internal Span<int> FreeLinks => _links.AsSpan(Edges);

    internal Span<float> FreeEdgeFeatures => _edgeFeatures.Values[(Edges * EdgeFeatureCount)..];

    /// <summary>Borders of the edges into each hit, as of <see cref="Adjacency.Incoming"/>.</summary>
    internal Span<int> Incoming => _incoming.AsSpan(0, Hits + 1);

    internal void End()
    {
        Adjacency.Reserve(HitCapacity, EdgeCapacity);
        Adjacency.Set(Incoming, _sources.AsSpan(0, Edges));
    }

    private void ResizeEdges(int length)
    {
        Array.Resize(ref _sources, length + EdgePadding);
        Array.Resize(ref _links, length + EdgePadding);
        PinnedBuffer<float> features = new(length * EdgeFeatureCount);
        EdgeFeatures.CopyTo(features.Values);
        _edgeFeatures = features;
    }

    private static void Grow<TElement>(ref TElement[] array, int length)
    {
        if (array.Length < length)
        {
            array = new TElement[Math.Max(length, array.Length * 2)];
        }
    }
}
