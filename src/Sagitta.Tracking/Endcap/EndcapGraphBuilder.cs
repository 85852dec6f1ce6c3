namespace Sagitta.Tracking.Endcap;

/// <summary>
/// The graph of an event's hits. Within a station hits are joined that a line may pass, along the segment of the one or else along the line
/// to the origin; between stations, hits of segments that the field's map matches. Hits know how many planes their best segment and their
/// best candidate have, and how far they are from the segment. Keeps its memory between events.
/// </summary>
/// <param name="geometry">The planes.</param>
internal sealed class EndcapGraphBuilder(EndcapGeometry geometry)
{
    private const int PlaneReach = 2;
    private const double Window = 1.5, WindowPerLength = 0.03;
    private const double SameplaneStrips = 2.5;
    private const double TimeScale = 100, LengthScale = 80, DistanceScale = 2;
    private readonly EndcapPlane[] _planes = [.. geometry.Planes];
    private readonly List<Edge> _edges = [];
    private HitSupport[] _support = [];
    private Edge[] _ordered = [];
    private int[] _ends = [];

    /// <summary>Replaces the content of a graph by an event's hits.</summary>
    /// <param name="events">Events.</param>
    /// <param name="e">Which.</param>
    /// <param name="tracker">Where its candidates were searched for among all of its hits.</param>
    /// <param name="candidates">The candidates.</param>
    /// <param name="graph">Receives the graph.</param>
    public void Build(EndcapEvents events, int e, EndcapTracker tracker, IReadOnlyList<EndcapCandidate> candidates, HitGraph graph)
    {
        int begin = events.Offsets[e];
        int hits = events.Offsets[e + 1] - begin;
        graph.Begin(hits, _planes.Length);
        graph.EventHits.Append(hits);
        int hit = 0;
        for (int p = 0; p < _planes.Length; p++)
        {
            int first = hit;
            while (hit < hits && events.Plane[begin + hit] == p)
            {
                hit++;
            }

            graph.PlaneHits.Append(hit - first);
        }

        Support(events, begin, hits, tracker, candidates);
        Describe(events, begin, hits, graph);
        _edges.Clear();
        AddStations(events, begin, graph.PlaneHits.Offsets);
        AddCandidates(begin, tracker, candidates);
        Finish(events, begin, hits, graph);
    }

    private void Support(EndcapEvents events, int begin, int hits, EndcapTracker tracker, IReadOnlyList<EndcapCandidate> candidates)
    {
        if (_support.Length < hits)
        {
            _support = new HitSupport[2 * hits];
        }

        Array.Clear(_support, 0, hits);
        foreach (IReadOnlyList<EndcapSegment> segments in tracker.Segments)
        {
            foreach (EndcapSegment segment in segments)
            {
                foreach (int c in segment.Clusters)
                {
                    for (int hit = c < 0 ? 0 : tracker.Clusters.All[c].FirstHit; c >= 0 && hit < tracker.Clusters.All[c].EndHit; hit++)
                    {
                        ref HitSupport own = ref _support[hit - begin];
                        if (segment.Planes > own.SegmentPlanes)
                        {
                            EndcapPlane plane = _planes[events.Plane[hit]];
                            double y = segment.Y + (segment.Slope * (plane.Z - geometry.Stations[segment.Station].Z));
                            own = new(segment.Planes, 0, segment.Slope, events.U[hit] - plane.Offset - plane.U(segment.X, y));
                        }
                    }
                }
            }
        }

        foreach (EndcapCandidate candidate in candidates)
        {
            foreach (int c in candidate.Clusters)
            {
                for (int hit = c < 0 ? 0 : tracker.Clusters.All[c].FirstHit; c >= 0 && hit < tracker.Clusters.All[c].EndHit; hit++)
                {
                    ref HitSupport own = ref _support[hit - begin];
                    own = own with { CandidatePlanes = Math.Max(own.CandidatePlanes, candidate.Planes) };
                }
            }
        }
    }

    private void Describe(EndcapEvents events, int begin, int hits, HitGraph graph)
    {
        Span<float> features = graph.MutableHitFeatures;
        for (int i = 0; i < hits; i++)
        {
            int hit = begin + i;
            EndcapPlane plane = _planes[events.Plane[hit]];
            EndcapStation station = geometry.Stations[plane.Station];
            HitSupport own = _support[i];
            double pitch = geometry.Strips.Planes[events.Plane[hit]].StripPitch;
            double neighbours = 0;
            for (int other = hit - 1; other <= hit + 1; other += 2)
            {
                neighbours += other >= begin && other < begin + hits && events.Plane[other] == events.Plane[hit]
                    && Math.Abs(events.U[other] - events.U[hit]) < 1.5 * pitch ? events.Charge[other] : 0;
            }

            Span<float> row = features.Slice(i * HitGraph.HitFeatureCount, HitGraph.HitFeatureCount);
            row[0] = (float)(((events.U[hit] / plane.Z) - 0.29) / 0.1);
            row[1] = (float)((plane.Z - station.Z) / 100);
            row[2] = plane.Station - 1;
            row[3] = MathF.Log(Math.Max(events.Charge[hit], 0.1f)) - 3;
            row[4] = (float)((events.Time[hit] - (geometry.Strips.Readout.Window / 2)) / TimeScale);
            row[5] = (float)Math.Min(neighbours / Math.Max(events.Charge[hit], 0.1f), 5);
            row[6] = Math.Sign(plane.Sine);
            row[7] = own.SegmentPlanes / (float)station.Planes.Count;
            row[8] = own.CandidatePlanes / (float)_planes.Length;
            row[9] = (float)Math.Clamp(own.Distance / DistanceScale, -3, 3);
        }
    }

    // For each target its sources are added in their order.
    private void AddStations(EndcapEvents events, int begin, ReadOnlySpan<int> planes)
    {
        ReadOnlySpan<float> u = events.U.AsSpan(begin, planes[^1]);
        for (int p = 0; p < _planes.Length; p++)
        {
            double pitch = geometry.Strips.Planes[p].StripPitch;
            for (int q = Math.Max(p - PlaneReach, 0); q <= Math.Min(p + PlaneReach, _planes.Length - 1); q++)
            {
                if (_planes[p].Station != _planes[q].Station)
                {
                    continue;
                }

                double dz = _planes[q].Z - _planes[p].Z;
                bool alike = Math.Sign(_planes[p].Sine) == Math.Sign(_planes[q].Sine);
                double reach = p == q ? SameplaneStrips * pitch : Window + (WindowPerLength * Math.Abs(dz)) + (alike ? 0 : 30);
                for (int target = planes[p]; target < planes[p + 1]; target++)
                {
                    double slope = _support[target].SegmentPlanes > 0 ? _support[target].Slope : u[target] / _planes[p].Z;
                    double expected = u[target] + (slope * dz);
                    (int low, int high) = (planes[q], planes[q + 1]);
                    for (int upper = high; low < upper;)
                    {
                        int middle = (low + upper) / 2;
                        (low, upper) = u[middle] < expected - reach ? (middle + 1, upper) : (low, middle);
                    }

                    for (int source = low; source < high && u[source] <= expected + reach; source++)
                    {
                        if (source != target)
                        {
                            _edges.Add(new(target, source, (float)(u[source] - expected), p == q ? 0 : 1, 0));
                        }
                    }
                }
            }
        }
    }

    // The clusters of a candidate in planes of the same rank, each with those of the other stations.
    private void AddCandidates(int begin, EndcapTracker tracker, IReadOnlyList<EndcapCandidate> candidates)
    {
        foreach (EndcapCandidate candidate in candidates)
        {
            for (int p = 0; p < candidate.Clusters.Length; p++)
            {
                for (int q = 0; q < candidate.Clusters.Length; q++)
                {
                    (int a, int b) = (candidate.Clusters[p], candidate.Clusters[q]);
                    (EndcapPlane from, EndcapPlane to) = (_planes[q], _planes[p]);
                    if (a < 0 || b < 0 || from.Station == to.Station || from.IsStereo
                        || p - geometry.Stations[to.Station].Planes[0] != q - geometry.Stations[from.Station].Planes[0])
                    {
                        continue;
                    }

                    (EndcapCluster target, EndcapCluster source) = (tracker.Clusters.All[a], tracker.Clusters.All[b]);
                    for (int i = target.FirstHit; i < target.EndHit; i++)
                    {
                        for (int j = source.FirstHit; j < source.EndHit; j++)
                        {
                            _edges.Add(new(i - begin, j - begin, (float)candidate.Mismatch, 2, candidate.Planes));
                        }
                    }
                }
            }
        }
    }

    // Edges by target, source, more planes, smaller distance: counted by target, then each target's few sources, of which only those of
    // candidates are out of order, by insertion.
    private ReadOnlySpan<Edge> Order(int hits)
    {
        if (_ordered.Length < _edges.Count)
        {
            _ordered = new Edge[2 * _edges.Count];
        }

        if (_ends.Length <= hits)
        {
            _ends = new int[2 * (hits + 1)];
        }

        Span<int> ends = _ends.AsSpan(0, hits + 1);
        ends.Clear();
        ReadOnlySpan<Edge> edges = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_edges);
        foreach (ref readonly Edge edge in edges)
        {
            ends[edge.Target + 1]++;
        }

        for (int hit = 0; hit < hits; hit++)
        {
            ends[hit + 1] += ends[hit];
        }

        // An edge of an earlier event, left in the place before a target's first, would be taken for the target's own.
        Span<Edge> ordered = _ordered.AsSpan(0, edges.Length);
        ordered.Clear();
        foreach (ref readonly Edge edge in edges)
        {
            int at = ends[edge.Target]++;
            for (; at > 0 && edge.Precedes(ordered[at - 1]); at--)
            {
                ordered[at] = ordered[at - 1];
            }

            ordered[at] = edge;
        }

        return ordered;
    }

    // Of two edges between the same hits the first is kept.
    private void Finish(EndcapEvents events, int begin, int hits, HitGraph graph)
    {
        ReadOnlySpan<Edge> edges = Order(hits);
        graph.ReserveEdges(edges.Length + HitGraph.EdgePadding);
        Span<int> incoming = graph.Incoming;
        Span<int> sources = graph.FreeSources;
        Span<float> features = graph.FreeEdgeFeatures;
        int count = 0;
        int done = 0;
        for (int i = 0; i < edges.Length; i++)
        {
            ref readonly Edge edge = ref edges[i];
            if (i > 0 && edges[i - 1].Target == edge.Target && edges[i - 1].Source == edge.Source)
            {
                continue;
            }

            while (done <= edge.Target)
            {
                incoming[done++] = count;
            }

            (int a, int b) = (begin + edge.Source, begin + edge.Target);
            sources[count] = edge.Source;
            Span<float> row = features.Slice(count * HitGraph.EdgeFeatureCount, HitGraph.EdgeFeatureCount);
            row[0] = edge.Kind == 2 ? 0 : Math.Clamp(edge.Distance / (float)DistanceScale, -5, 5);
            (EndcapPlane from, EndcapPlane to) = (_planes[events.Plane[a]], _planes[events.Plane[b]]);
            row[1] = edge.Kind == 2 ? 0 : (float)((from.Z - to.Z) / LengthScale);
            row[2] = edge.Kind == 0 ? 1 : 0;
            row[3] = edge.Kind == 2 ? 1 : 0;
            row[4] = (events.Time[a] - events.Time[b]) / (float)TimeScale;
            row[5] = edge.Kind == 2 ? Math.Min(edge.Distance, 5) : 0;
            row[6] = edge.Planes / (float)_planes.Length;
            row[7] = from.IsStereo != to.IsStereo ? 1 : 0;
            count++;
        }

        while (done <= hits)
        {
            incoming[done++] = count;
        }

        graph.Edges = count;
        graph.End();
    }

    // The planes of a hit's best segment and best candidate, the slope of the segment, and how far the hit is from it, mm.
    private readonly record struct HitSupport(int SegmentPlanes, int CandidatePlanes, double Slope, double Distance);

    // Kind: 0 same plane, 1 same station, 2 across stations.
    private readonly record struct Edge(int Target, int Source, float Distance, int Kind, int Planes)
    {
        public bool Precedes(in Edge other) => Target == other.Target && (Source != other.Source ? Source < other.Source
            : Planes != other.Planes ? Planes > other.Planes : Distance < other.Distance);
    }
}
