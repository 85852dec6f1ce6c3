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
    private const double SlopeScale = 0.1;
    private const double DistanceScale = 80;
    private const double TimeScale = 100;
    private const double TrackletSlopeScale = 0.01;
    private const double CircleScale = 10;
    private const float Far = 3;
    private readonly HitGraphGates _gates;
    private readonly TrackletSearch? _search;

    /// <summary>A builder for one detector.</summary>
    public HitGraphBuilder(Detector detector, HitGraphOptions options)
    {
        _gates = new(detector, options);
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
            ReadOnlySpan<PlaneLink> links = _gates.Links(p);
            Span<int> lower = graph.Lower(planes);
            foreach (PlaneLink link in links)
            {
                lower[link.Other] = planeStart[link.Other];
            }

            for (int target = planeStart[p]; target < planeStart[p + 1]; target++)
            {
                foreach (PlaneLink link in links)
                {
                    int end = planeStart[link.Other + 1];
                    int source = lower[link.Other];
                    while (source < end && offset[source] < offset[target] - link.HalfWidth)
                    {
                        source++;
                    }

                    lower[link.Other] = source;
                    for (; source < end && offset[source] <= offset[target] + link.HalfWidth; source++)
                    {
                        if (source != target)
                        {
                            Span<float> row = graph.AddEdge(first + source, first + target);
                            DescribeEdge(row, link, offset[source] - offset[target], time[source] - time[target]);
                            if (_search is not null)
                            {
                                double slopeBetween = ((y[source] - y[target]) / link.DeltaZ) - slope;
                                DescribeAgreement(row, link, slopeBetween, tracklets[source], tracklets[target]);
                            }
                        }
                    }
                }
            }
        }

        return first + count;
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
            Plane own = Detector.Planes[plane[i]];
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
            row[8] = (float)(tracklets[i].Slope / SlopeScale);
            row[9] = 4 * tracklets[i].Ambiguity;
        }
    }

    // Within a station the slope between two hits of a track is that of both tracklets; across stations the chord of a circle has the mean
    // slope of its ends (to second order in the slopes), so the distance by which it misses tells a wrong pair.
    private static void DescribeAgreement(Span<float> row, PlaneLink link, double slopeBetween, in Tracklet source, in Tracklet target)
    {
        if (link.Kind == LinkKind.SameStation)
        {
            row[5] = Math.Clamp((float)((slopeBetween - source.Slope) / TrackletSlopeScale), -Far, Far);
            row[6] = Math.Clamp((float)((slopeBetween - target.Slope) / TrackletSlopeScale), -Far, Far);
        }
        else if (link.Kind == LinkKind.AcrossStations)
        {
            double miss = (slopeBetween - ((source.Slope + target.Slope) / 2)) * Math.Abs(link.DeltaZ);
            row[7] = Math.Clamp((float)(miss / CircleScale), -Far, Far);
        }
    }

    private static void DescribeEdge(Span<float> row, PlaneLink link, double deltaOffset, double deltaTime)
    {
        row[0] = link.Kind switch
        {
            LinkKind.SamePlane => 0,
            LinkKind.SameStation => (float)(deltaOffset / (link.DeltaZ * SlopeScale)),
            _ => (float)(deltaOffset / (2 * RoadScale) * Math.Sign(link.DeltaZ)),
        };
        row[1] = link.Kind == LinkKind.SameStation ? (float)(link.DeltaZ / DistanceScale) : link.Kind == LinkKind.SamePlane ? (float)deltaOffset : Math.Sign(link.DeltaZ);
        row[2] = link.Kind == LinkKind.SamePlane ? 1 : 0;
        row[3] = link.Kind == LinkKind.AcrossStations ? 1 : 0;
        row[4] = (float)(deltaTime / TimeScale);
        row[5] = 0;
        row[6] = 0;
        row[7] = 0;
    }
}
