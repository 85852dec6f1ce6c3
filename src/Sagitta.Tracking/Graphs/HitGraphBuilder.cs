using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Graphs;

/// <summary>
/// Builds the graph of a range of events from hits and road centres alone. Hits of a plane are ordered by y, so the partners of
/// consecutive hits form windows that only move forward: the work is proportional to hits plus edges.
/// </summary>
internal sealed class HitGraphBuilder
{
    private const int MostPairs = 1 << 18;
    private readonly HitGraphGates _gates;
    private readonly Plane[] _planes;
    private readonly TrackletSearch? _search;
    private readonly EdgeDescription[][] _descriptions;

    /// <summary>A builder for one detector.</summary>
    public HitGraphBuilder(Detector detector, HitGraphOptions options)
    {
        _gates = new(detector, options);
        _planes = [.. detector.Planes];
        _search = options.Tracklets ? new(_gates) : null;
        _descriptions = new EdgeDescription[_planes.Length][];
        for (int p = 0; p < _planes.Length; p++)
        {
            ReadOnlySpan<PlaneLink> links = _gates.Links(p);
            _descriptions[p] = new EdgeDescription[links.Length];
            for (int k = 0; k < links.Length; k++)
            {
                _descriptions[p][k] = new(links[k], options.Tracklets);
            }
        }
    }

    /// <summary>The detector.</summary>
    public Detector Detector => _gates.Detector;

    /// <summary>
    /// Replaces the content of <paramref name="graph"/> by the given events of <paramref name="hits"/>, in the order listed.
    /// Throws when the events belong to another detector.
    /// </summary>
    public void Build(HitSet hits, ReadOnlySpan<int> selection, HitGraph graph)
    {
        if (!string.Equals(hits.Detector.Name, Detector.Name, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The events are of detector '{hits.Detector.Name}', the graph is for '{Detector.Name}'.",
                nameof(hits));
        }

        int count = 0;
        foreach (int e in selection)
        {
            count += hits.Offsets[e + 1] - hits.Offsets[e];
        }

        graph.Begin(count, hits.Detector.Planes.Count);
        int first = 0;
        foreach (int e in selection)
        {
            first = AddEvent(hits, e, graph, first);
        }

        graph.End();
    }

    /// <summary>Edges that the graph of one event has, by the windows alone and without memory for them; each pair of hits within a window
    /// counts once from either side.</summary>
    public long CountEdges(HitSet hits, int e)
    {
        ReadOnlySpan<float> road = hits.RoadsOf(e);
        double slope = _gates.RoadSlope(road);
        int first = hits.Offsets[e];
        int count = hits.Offsets[e + 1] - first;
        double[] offset = new double[count + (_planes.Length * OrderedWindow.Padding)];
        int[] start = new int[_planes.Length + 1];
        for (int i = 0; i < count; i++)
        {
            int plane = hits.Plane[first + i];
            Plane own = _planes[plane];
            offset[i + (plane * OrderedWindow.Padding)] =
                hits.Y[first + i] - road[own.Station] - (slope * (own.Z - _gates.StationZ[own.Station]));
            start[plane + 1]++;
        }

        for (int p = 0; p < _planes.Length; p++)
        {
            start[p + 1] += start[p];
        }

        long edges = 0;
        for (int p = 0; p < _planes.Length; p++)
        {
            edges += EdgesInto(p, start, offset);
        }

        return edges;
    }

    private long EdgesInto(int plane, ReadOnlySpan<int> planeStart, ReadOnlySpan<double> offset)
    {
        long edges = 0;
        ReadOnlySpan<double> targets = offset[(plane * OrderedWindow.Padding)..][planeStart[plane]..planeStart[plane + 1]];
        foreach (PlaneLink link in _gates.Links(plane))
        {
            ReadOnlySpan<double> sources =
                offset[(link.Other * OrderedWindow.Padding)..][planeStart[link.Other]..planeStart[link.Other + 1]];
            int low = 0;
            int high = 0;
            foreach (double middle in targets)
            {
                while (low < sources.Length && sources[low] < middle - link.HalfWidth)
                {
                    low++;
                }

                while (high < sources.Length && sources[high] <= middle + link.HalfWidth)
                {
                    high++;
                }

                edges += Math.Max(high - low, 0);
            }
        }

        return edges;
    }

    private int AddEvent(HitSet hits, int e, HitGraph graph, int first)
    {
        int planes = hits.Detector.Planes.Count;
        int start = hits.Offsets[e];
        int count = hits.Offsets[e + 1] - start;
        ReadOnlySpan<byte> plane = hits.Plane.AsSpan(start, count);
        ReadOnlySpan<float> y = hits.Y.AsSpan(start, count);
        ReadOnlySpan<float> charge = hits.Charge.AsSpan(start, count);
        ReadOnlySpan<float> time = hits.Time.AsSpan(start, count);
        ReadOnlySpan<float> road = hits.RoadsOf(e);
        double slope = _gates.RoadSlope(road);

        PlaneGroups.Append(graph.PlaneHits, hits, e);
        ReadOnlySpan<int> groups = graph.PlaneHits.Offsets[^(planes + 1)..];
        Span<int> planeStart = graph.PlaneStart(planes);
        for (int p = 0; p <= planes; p++)
        {
            planeStart[p] = groups[p] - groups[0];
        }

        graph.EventHits.Append(count);
        Span<double> offset = graph.Offsets(count);
        offset.Fill(double.PositiveInfinity);
        DescribeHits(graph.MutableHitFeatures[(first * HitGraph.HitFeatureCount)..], offset, plane, y, charge, time, road, slope);
        Span<Tracklet> tracklets = graph.Tracklets.Slice(first, count);
        tracklets.Clear();
        if (_search is not null)
        {
            _search.Find(planeStart, offset, tracklets);
            DescribeTracklets(graph.MutableHitFeatures[(first * HitGraph.HitFeatureCount)..], tracklets);
        }

        DescribePlaces(graph.EdgeTerms[(first * HitGraph.EdgeTermCount)..], offset, tracklets, plane, y, time, (float)slope);
        for (int p = 0; p < planes; p++)
        {
            AddEdges(graph, p, first, planeStart, offset);
        }

        return first + count;
    }

    // All edges into the hits of one plane.
    private unsafe void AddEdges(HitGraph graph, int plane, int first, ReadOnlySpan<int> planeStart, ReadOnlySpan<double> offsets)
    {
        ReadOnlySpan<PlaneLink> links = _gates.Links(plane);
        Span<int> lower = graph.Lower(links.Length);
        int partners = 0;
        for (int k = 0; k < links.Length; k++)
        {
            int other = links[k].Other;
            lower[k] = planeStart[other] + (other * OrderedWindow.Padding);
            partners += planeStart[other + 1] - planeStart[other];
        }

        // Room for all pairs is cheap to know; where that is much memory, edges are counted first.
        long room = (long)(planeStart[plane + 1] - planeStart[plane]) * partners;
        graph.ReserveEdges(checked((int)(room <= MostPairs ? room : EdgesInto(plane, planeStart, offsets))));
        int before = graph.Edges;
        int edges = 0;

        // Room is reserved above: pointers spare the checks of bounds of every number of an edge.
        fixed (double* offset = offsets)
        fixed (float* terms = graph.EdgeTerms)
        fixed (EdgeDescription* descriptions = _descriptions[plane])
        fixed (int* sources = graph.FreeSources)
        fixed (int* which = graph.FreeLinks)
        fixed (int* incoming = graph.Incoming[first..])
        fixed (float* features = graph.FreeEdgeFeatures)
        {
            for (int target = planeStart[plane]; target < planeStart[plane + 1]; target++)
            {
                int edge = edges;
                double middle = offset[target + (plane * OrderedWindow.Padding)];
                for (int k = 0; k < links.Length; k++)
                {
                    ref readonly PlaneLink link = ref links[k];
                    (int source, int end) = OrderedWindow.Find(offset, lower[k], middle - link.HalfWidth, middle + link.HalfWidth);
                    lower[k] = source;
                    int shift = first - (link.Other * OrderedWindow.Padding);
                    edges += Append(source + shift, first + target, end + shift, k, sources + edges, which + edges);
                }

                incoming[target + 1] = before + edges;
                float* row = terms + ((nint)(first + target) * HitGraph.EdgeTermCount);
                Vector256<float> place = Vector256.Load(row);
                Vector256<float> lean = Vector256.Load(row + (2 * HitGraph.EdgeFeatureCount));
                for (; edge < edges; edge++)
                {
                    row = terms + ((nint)sources[edge] * HitGraph.EdgeTermCount);
                    Vector256<float> difference = Vector256.Load(row) - place;
                    Vector256<float> leans = Vector256.Load(row + HitGraph.EdgeFeatureCount) + lean;
                    descriptions[which[edge]].Features(difference, leans).Store(features + ((nint)edge * HitGraph.EdgeFeatureCount));
                }
            }
        }

        graph.Edges += edges;
    }

    // Hits from source to end - 1 are the next sources, by one link; a hit is no source of its own. Whole vectors are written, at least
    // one: most windows are less than one, so that their length decides no branch.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe int Append(int source, int target, int end, int link, int* sources, int* links)
    {
        int own = target < source ? end : target;
        int count = end - source;
        int i = 0;
        do
        {
            Vector512<int> next = Vector512.Create(source + i) + Vector512<int>.Indices;
            (next - Vector512.GreaterThanOrEqual(next, Vector512.Create(own))).Store(sources + i);
            Vector512.Create(link).Store(links + i);
            i += Vector512<int>.Count;
        }
        while (i < count);
        return count - (own < end ? 1 : 0);
    }

    // What edges take of a hit; tracklets without votes have slope 0.
    private static unsafe void DescribePlaces(
        Span<float> terms, ReadOnlySpan<double> offset, ReadOnlySpan<Tracklet> tracklets, ReadOnlySpan<byte> plane, ReadOnlySpan<float> y,
            ReadOnlySpan<float> time, float roadSlope)
    {
        fixed (float* start = terms)
        {
            float* row = start;
            for (int i = 0; i < y.Length; i++)
            {
                EdgeDescription.Place((float)offset[i + (plane[i] * OrderedWindow.Padding)], time[i], y[i]).Store(row);
                EdgeDescription.SourceLean(tracklets[i].Slope).Store(row + HitGraph.EdgeFeatureCount);
                EdgeDescription.TargetLean(tracklets[i].Slope, roadSlope).Store(row + (2 * HitGraph.EdgeFeatureCount));
                row += HitGraph.EdgeTermCount;
            }
        }
    }

    private void DescribeHits(Span<float> features, Span<double> offset, ReadOnlySpan<byte> plane, ReadOnlySpan<float> y,
        ReadOnlySpan<float> charge, ReadOnlySpan<float> time, ReadOnlySpan<float> road, double slope)
    {
        int stations = Detector.StationCount;
        for (int i = 0; i < plane.Length; i++)
        {
            Plane own = _planes[plane[i]];
            double dz = own.Z - _gates.StationZ[own.Station];
            double distance = y[i] - road[own.Station] - (slope * dz);
            offset[i + (plane[i] * OrderedWindow.Padding)] = distance;
            bool left = i > 0 && plane[i - 1] == plane[i] && y[i] - y[i - 1] < 1.5 * own.StripPitch;
            bool right = i + 1 < plane.Length && plane[i + 1] == plane[i] && y[i + 1] - y[i] < 1.5 * own.StripPitch;
            Span<float> row = features.Slice(i * HitGraph.HitFeatureCount, HitGraph.HitFeatureCount);
            row[0] = (float)(distance / HitGraphGates.RoadScale);
            row[1] = (float)(dz / (2 * HitGraphGates.DistanceScale));
            row[2] = stations > 1 ? (float)((2.0 * own.Station / (stations - 1)) - 1) : 0;
            row[3] = MathF.Log(MathF.Max(charge[i], 1e-3f)) - 2;
            row[4] = (float)((time[i] / EdgeDescription.TimeScale) - 1);
            row[5] = left ? charge[i - 1] / (charge[i - 1] + charge[i]) : 0;
            row[6] = right ? charge[i + 1] / (charge[i + 1] + charge[i]) : 0;
            row[7] = 0;
            row[8] = 0;
            row[9] = 0;
        }
    }

    private static void DescribeTracklets(Span<float> features, ReadOnlySpan<Tracklet> tracklets)
    {
        for (int i = 0; i < tracklets.Length; i++)
        {
            Span<float> row = features.Slice(i * HitGraph.HitFeatureCount, HitGraph.HitFeatureCount);
            row[7] = (4 * tracklets[i].Share) - 2;
            row[8] = (float)(tracklets[i].Slope / HitGraphGates.SlopeScale);
            row[9] = 4 * tracklets[i].Ambiguity;
        }
    }
}
