using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

/// <summary>Which pairs of hits are joined. All gates follow from these and from the detector's geometry.</summary>
internal sealed record HitGraphOptions
{
    /// <summary>Smallest transverse momentum, GeV, whose track the gates must let through.</summary>
    [Range(1e-3, 1e6)]
    public double MinimumPt { get; init; } = 3;

    /// <summary>Largest distance in planes between two hits of one station that are joined.</summary>
    [Range(0, 255)]
    public int PlaneReach { get; init; } = 1;

    /// <summary>Every how many planes of a station hits are joined to the plane of the same rank in the next station; 0 joins no
    /// stations.</summary>
    [Range(0, 255)]
    public int CrossStationStride { get; init; } = 4;

    /// <summary>Standard deviation of a road centre about the muon, mm.</summary>
    [Range(0, 1e6)]
    public double RoadSigma { get; init; } = 40;

    /// <summary>How many standard deviations of the slope between road centres the gates are widened by.</summary>
    [Range(0, 1e3)]
    public double RoadWidths { get; init; } = 3;

    /// <summary>Largest distance, in strips, between two hits of one plane that are joined (hits of one cluster).</summary>
    [Range(0, 10_000)]
    public int SamePlaneStrips { get; init; } = 2;

    /// <summary>Whether hits and edges are described by their tracklets (<see cref="TrackletSearch"/>) too; without, those features are
    /// 0.</summary>
    public bool Tracklets { get; init; } = true;
}

/// <summary>
/// How the edges of one link are described. All <see cref="HitGraph.EdgeFeatureCount"/> features come at once, one a lane, from two
/// rows a hit: ((place of source - place of target) x per difference + lean of source + lean of target) x scale + constant.
/// </summary>
/// <remarks>
/// Places hold offset, offset, 0, 0, time, y, y, y; leans what the slopes of the hits' tracklets take off the last three. Within a station
/// the slope between two hits of a track is that of both tracklets; across stations the chord of a circle has the mean slope of its ends
/// (to second order in the slopes), so the distance by which it misses tells a wrong pair.
/// </remarks>
internal readonly struct EdgeDescription
{
    /// <summary>Lengths that scale distances in z, mm, and times, ns.</summary>
    internal const double TimeScale = 100;

    private const double TrackletSlopeScale = 0.01;
    private const double CircleScale = 10;

    /// <summary>Bound on the size of the last three features.</summary>
    internal const float Far = 3;
    private readonly Vector256<float> _perDifference;
    private readonly Vector256<float> _scale;
    private readonly Vector256<float> _constant;

    internal Vector256<float> PerDifference => _perDifference;

    internal Vector256<float> Scale => _scale;

    internal Vector256<float> Constant => _constant;

    /// <summary>The description of a link's edges, with or without what tracklets tell.</summary>
    internal EdgeDescription(in PlaneLink link, bool tracklets)
    {
        const float PerTime = (float)(1 / TimeScale);
        float slope = (float)(1 / TrackletSlopeScale);
        float circle = (float)(Math.Abs(link.DeltaZ) * (1 / CircleScale));
        float perZ = (float)link.PerDeltaZ;
        bool same = link.Kind == LinkKind.SamePlane;
        bool station = tracklets && link.Kind == LinkKind.SameStation;
        bool across = link.Kind == LinkKind.AcrossStations;
        _perDifference = Vector256.Create((float)link.PerOffset, same ? 1 : 0, 0, 0, PerTime, perZ, perZ, perZ);
        _scale = Vector256.Create(1f, 1, 0, 0, 1, station ? slope : 0, station ? slope : 0, tracklets && across ? circle : 0);
        _constant = Vector256.Create(0, same ? 0 : link.Distance, same ? 1 : 0, across ? 1f : 0, 0, 0, 0, 0);
    }

    /// <summary>The place of a hit.</summary>
    internal static Vector256<float> Place(float offset, float time, float y) => Vector256.Create(offset, offset, 0, 0, time, y, y, y);

    /// <summary>What the tracklet of a hit takes off as source of an edge.</summary>
    internal static Vector256<float> SourceLean(float slope) => Vector256.Create(0, 0, 0, 0, 0, -slope, 0, -slope / 2);

    /// <summary>What the tracklet of a hit and the slope of the road take off as target of an edge.</summary>
    internal static Vector256<float> TargetLean(float slope, float road) =>
        Vector256.Create(0, 0, 0, 0, 0, -road, -slope - road, (-slope / 2) - road);

    /// <summary>The features of one edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector256<float> Features(Vector256<float> difference, Vector256<float> lean)
    {
        Vector256<float> row = (((difference * _perDifference) + lean) * _scale) + _constant;
        Vector256<float> far = Vector256.Create(Far);
        Vector256<float> bounded = Vector256.MinNative(Vector256.MaxNative(row, -far), far);
        return Vector256.ConditionalSelect(Vector256.Create(0, 0, 0, 0, 0, -1, -1, -1).AsSingle(), bounded, row);
    }
}

/// <summary>
/// How hits of one plane may be joined to hits of another: the window on y(other) - y(this) about what the road predicts, and what
/// of an edge's features follows from the planes alone.
/// </summary>
/// <param name="Other">The other plane.</param>
/// <param name="DeltaZ">z(other) - z(this), mm.</param>
/// <param name="HalfWidth">Half of the window, mm.</param>
/// <param name="Kind">Same plane, same station, or across stations.</param>
/// <param name="PerOffset">The first feature of an edge, per mm of distance from the prediction.</param>
/// <param name="Distance">The second feature; a same-plane link has the distance between its hits there instead.</param>
internal readonly record struct PlaneLink(int Other, double DeltaZ, double HalfWidth, LinkKind Kind, double PerOffset, float Distance)
{
    /// <summary>One over <see cref="DeltaZ"/>; 0 within a plane.</summary>
    internal double PerDeltaZ { get; } = DeltaZ != 0 ? 1 / DeltaZ : 0;
}

/// <summary>Where the two hits of an edge lie.</summary>
internal enum LinkKind
{
    /// <summary>In one plane: hits of one cluster.</summary>
    SamePlane,

    /// <summary>In two planes of one station.</summary>
    SameStation,

    /// <summary>In two stations.</summary>
    AcrossStations,
}
