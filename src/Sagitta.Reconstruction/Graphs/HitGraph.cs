using Sagitta.Autodiff.Tensors;

namespace Sagitta.Reconstruction.Graphs;

/// <summary>
/// The hits of consecutive events as one graph: features of hits and edges, who is joined to whom, which hits form a plane of
/// an event. No truth is in it. Reused from batch to batch; it grows when it must.
/// </summary>
public sealed class HitGraph
{
    /// <summary>Numbers that describe a hit.</summary>
    public const int HitFeatureCount = 10;

    /// <summary>Numbers that describe an edge.</summary>
    public const int EdgeFeatureCount = 8;

    private float[] _hitFeatures = [];
    private float[] _edgeFeatures = [];
    private int[] _sources = [];
    private int[] _targets = [];
    private int[] _lower = [];
    private double[] _predicted = [];
    private Tracklet[] _tracklets = [];
    private int[] _planeStart = [];

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

    /// <summary>Edges x <see cref="EdgeFeatureCount"/>: slope against the road's, distance in z, same plane, across stations, difference in time,
    /// slope against the tracklets of both hits, and across stations the distance from the circle of both tracklets.</summary>
    public ReadOnlySpan<float> EdgeFeatures => _edgeFeatures.AsSpan(0, Edges * EdgeFeatureCount);

    /// <summary>Hits that it holds without growing.</summary>
    public int HitCapacity => _predicted.Length;

    /// <summary>Edges that it holds without growing.</summary>
    public int EdgeCapacity => _sources.Length;

    /// <summary>
    /// Makes room ahead. Graphs that take turns at events of changing sizes stop growing together when each has the room of the largest.
    /// </summary>
    public void Reserve(int hits, int edges)
    {
        if (hits > HitCapacity)
        {
            Array.Resize(ref _hitFeatures, hits * HitFeatureCount);
            Array.Resize(ref _tracklets, hits);
            Array.Resize(ref _predicted, hits);
        }

        if (edges > EdgeCapacity)
        {
            ResizeEdges(edges);
        }

        Adjacency.Reserve(HitCapacity, EdgeCapacity);
    }

    internal Span<float> MutableHitFeatures => _hitFeatures.AsSpan(0, Hits * HitFeatureCount);

    internal Span<double> Predicted => _predicted.AsSpan(0, Hits);

    internal Span<Tracklet> Tracklets => _tracklets.AsSpan(0, Hits);

    internal void Begin(int hits, int planes)
    {
        Hits = hits;
        Edges = 0;
        EventHits.Clear();
        PlaneHits.Clear();
        Grow(ref _predicted, hits);
        Grow(ref _hitFeatures, _predicted.Length * HitFeatureCount);
        Grow(ref _tracklets, _predicted.Length);
        Grow(ref _lower, planes);
        Grow(ref _planeStart, planes + 1);
    }

    internal Span<int> Lower(int planes) => _lower.AsSpan(0, planes);

    internal Span<int> PlaneStart(int planes) => _planeStart.AsSpan(0, planes + 1);

    /// <summary>Makes room for that many edges beyond those there are; sources, targets and features are written in place from <see cref="Edges"/> on.</summary>
    internal void ReserveEdges(int more)
    {
        int length = Edges + more;
        if (length > _sources.Length)
        {
            ResizeEdges(Math.Max(length, Math.Max(1024, _sources.Length * 2)));
        }
    }

    internal Span<int> FreeSources => _sources.AsSpan(Edges);

    internal Span<int> FreeTargets => _targets.AsSpan(Edges);

    internal Span<float> FreeEdgeFeatures => _edgeFeatures.AsSpan(Edges * EdgeFeatureCount);

    internal void End()
    {
        Adjacency.Reserve(HitCapacity, EdgeCapacity);
        Adjacency.Set(Hits, _sources.AsSpan(0, Edges), _targets.AsSpan(0, Edges));
    }

    private void ResizeEdges(int length)
    {
        Array.Resize(ref _sources, length);
        Array.Resize(ref _targets, length);
        Array.Resize(ref _edgeFeatures, length * EdgeFeatureCount);
    }

    private static void Grow<TElement>(ref TElement[] array, int length)
    {
        if (array.Length < length)
        {
            array = new TElement[Math.Max(length, array.Length * 2)];
        }
    }
}
