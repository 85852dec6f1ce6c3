using Sagitta.Physics.Detectors;
using Sagitta.Physics.Events;

namespace Sagitta.Reconstruction.Graphs;

/// <summary>
/// Builds the graph of a range of events from hits and road centres alone. Hits of a plane are ordered by y, so the partners of
/// consecutive hits form windows that only move forward: the work is proportional to hits plus edges.
/// </summary>
public sealed class HitGraphBuilder
{
    private const double RoadScale = 50;
    private const double DistanceScale = 80;
    private const double TimeScale = 100;
    private const double TrackletSlopeScale = 0.01;
    private const double CircleScale = 10;
    private const float Far = 3;
    private readonly HitGraphGates _gates;
    private readonly Plane[] _planes;
    private readonly TrackletSearch? _search;

    /// <summary>A builder for one detector.</summary>
    public HitGraphBuilder(Detector detector, HitGraphOptions options)
    {
        _gates = new(detector, options);
        _planes = [.. detector.Planes];
        _search = options.Tracklets ? new(_gates) : null;
    }

    /// <summary>The detector.</summary>
    public Detector Detector => _gates.Detector;

    /// <summary>
    /// Replaces the content of <paramref name="graph"/> by the given events of <paramref name="events"/>, in the order listed.
    /// Throws when the events belong to another detector.
    /// </summary>
    public void Build(EventSet events, ReadOnlySpan<int> selection, HitGraph graph)
    {
        if (!string.Equals(events.Detector, Detector.Name, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The events are of detector '{events.Detector}', the graph is for '{Detector.Name}'.", nameof(events));
        }

        int hits = 0;
        foreach (int e in selection)
        {
            hits += events.HitOffsets[e + 1] - events.HitOffsets[e];
        }

        graph.Begin(hits, events.PlaneCount);
        int first = 0;
        foreach (int e in selection)
        {
            first = AddEvent(events, e, graph, first);
        }

        graph.End();
    }

    private int AddEvent(EventSet events, int e, HitGraph graph, int first)
    {
        int planes = events.PlaneCount;
        int start = events.HitOffsets[e];
        int count = events.HitOffsets[e + 1] - start;
        ReadOnlySpan<byte> plane = events.HitPlane.AsSpan(start, count);
        ReadOnlySpan<float> y = events.HitY.AsSpan(start, count);
        ReadOnlySpan<float> charge = events.HitCharge.AsSpan(start, count);
        ReadOnlySpan<float> time = events.HitTime.AsSpan(start, count);
        ReadOnlySpan<float> road = events.RoadCentre.AsSpan(e * events.StationCount, events.StationCount);
        double slope = _gates.RoadSlope(road);

        Span<int> planeStart = graph.PlaneStart(planes);
        int hit = 0;
        for (int p = 0; p < planes; p++)
        {
            planeStart[p] = hit;
            while (hit < count && plane[hit] == p)
            {
                hit++;
            }

            graph.PlaneHits.Append(hit - planeStart[p]);
        }

        planeStart[planes] = hit;
        graph.EventHits.Append(count);
        DescribeHits(graph, first, plane, y, charge, time, road, slope);

        Span<double> offset = graph.Predicted.Slice(first, count);
        Span<Tracklet> tracklets = graph.Tracklets.Slice(first, count);
        tracklets.Clear();
        if (_search is not null)
        {
            _search.Find(planeStart, offset, tracklets);
            DescribeTracklets(graph.MutableHitFeatures[(first * HitGraph.HitFeatureCount)..], tracklets);
        }

        for (int p = 0; p < planes; p++)
        {
            AddEdges(graph, p, first, planeStart, y, time, slope);
        }

        return first + count;
    }

    // All edges into the hits of one plane.
    private unsafe void AddEdges(HitGraph graph, int plane, int first, ReadOnlySpan<int> planeStart, ReadOnlySpan<float> positions, ReadOnlySpan<float> times, double roadSlope)
    {
        ReadOnlySpan<PlaneLink> links = _gates.Links(plane);
        Span<int> lower = graph.Lower(links.Length);
        int partners = 0;
        for (int k = 0; k < links.Length; k++)
        {
            int other = links[k].Other;
            lower[k] = planeStart[other];
            partners += planeStart[other + 1] - planeStart[other];
        }

        graph.ReserveEdges((planeStart[plane + 1] - planeStart[plane]) * partners);
        int edges = 0;
        bool searched = _search is not null;

        // Room is reserved above: pointers spare the checks of bounds of every number of an edge.
        fixed (double* offset = graph.Predicted[first..])
        fixed (Tracklet* tracklets = graph.Tracklets[first..])
        fixed (float* y = positions)
        fixed (float* time = times)
        fixed (int* sources = graph.FreeSources)
        fixed (int* targets = graph.FreeTargets)
        fixed (float* features = graph.FreeEdgeFeatures)
        {
            float* row = features;
            for (int target = planeStart[plane]; target < planeStart[plane + 1]; target++)
            {
                double place = offset[target];
                float clock = time[target];
                for (int k = 0; k < links.Length; k++)
                {
                    ref readonly PlaneLink link = ref links[k];
                    int end = planeStart[link.Other + 1];
                    int source = lower[k];
                    double lowest = place - link.HalfWidth;
                    double highest = place + link.HalfWidth;
                    while (source < end && offset[source] < lowest)
                    {
                        source++;
                    }

                    lower[k] = source;
                    double perOffset = link.PerOffset;
                    double perDeltaZ = link.PerDeltaZ;
                    bool same = link.Kind == LinkKind.SamePlane;
                    float across = link.Kind == LinkKind.AcrossStations ? 1 : 0;
                    for (; source < end && offset[source] <= highest; source++)
                    {
                        if (source == target)
                        {
                            continue;
                        }

                        double delta = offset[source] - place;
                        sources[edges] = first + source;
                        targets[edges] = first + target;
                        row[0] = (float)(delta * perOffset);
                        row[1] = same ? (float)delta : link.Distance;
                        row[2] = same ? 1 : 0;
                        row[3] = across;
                        row[4] = (time[source] - clock) * (float)(1 / TimeScale);
                        row[5] = 0;
                        row[6] = 0;
                        row[7] = 0;
                        if (searched && !same)
                        {
                            float between = (float)(((y[source] - y[target]) * perDeltaZ) - roadSlope);
                            DescribeAgreement(row, link, between, tracklets[source].Slope, tracklets[target].Slope);
                        }

                        row += HitGraph.EdgeFeatureCount;
                        edges++;
                    }
                }
            }
        }

        graph.Edges += edges;
    }

    private void DescribeHits(
        HitGraph graph,
        int first,
        ReadOnlySpan<byte> plane,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> charge,
        ReadOnlySpan<float> time,
        ReadOnlySpan<float> road,
        double slope)
    {
        Span<float> features = graph.MutableHitFeatures[(first * HitGraph.HitFeatureCount)..];
        Span<double> offset = graph.Predicted.Slice(first, plane.Length);
        for (int i = 0; i < plane.Length; i++)
        {
            Plane own = _planes[plane[i]];
            double dz = own.Z - _gates.StationZ[own.Station];
            offset[i] = y[i] - road[own.Station] - (slope * dz);
            bool left = i > 0 && plane[i - 1] == plane[i] && y[i] - y[i - 1] < 1.5 * own.StripPitch;
            bool right = i + 1 < plane.Length && plane[i + 1] == plane[i] && y[i + 1] - y[i] < 1.5 * own.StripPitch;
            Span<float> row = features.Slice(i * HitGraph.HitFeatureCount, HitGraph.HitFeatureCount);
            row[0] = (float)(offset[i] / RoadScale);
            row[1] = (float)(dz / (2 * DistanceScale));
            row[2] = Detector.StationCount > 1 ? (float)((2.0 * own.Station / (Detector.StationCount - 1)) - 1) : 0;
            row[3] = MathF.Log(MathF.Max(charge[i], 1e-3f)) - 2;
            row[4] = (float)((time[i] / TimeScale) - 1);
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

    // Within a station the slope between two hits of a track is that of both tracklets; across stations the chord of a circle has the mean
    // slope of its ends (to second order in the slopes), so the distance by which it misses tells a wrong pair.
    private static unsafe void DescribeAgreement(float* row, in PlaneLink link, float between, float sourceSlope, float targetSlope)
    {
        if (link.Kind == LinkKind.SameStation)
        {
            const float PerSlope = (float)(1 / TrackletSlopeScale);
            row[5] = Bounded((between - sourceSlope) * PerSlope);
            row[6] = Bounded((between - targetSlope) * PerSlope);
        }
        else
        {
            row[7] = Bounded((between - ((sourceSlope + targetSlope) / 2)) * (float)(Math.Abs(link.DeltaZ) * (1 / CircleScale)));
        }
    }

    // Two instructions; the base library's clamp checks its borders too.
    private static float Bounded(float value) => float.MinNative(float.MaxNative(value, -Far), Far);
}
