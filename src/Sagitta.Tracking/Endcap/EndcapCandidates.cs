namespace Sagitta.Tracking.Endcap;

/// <summary>
/// Candidates for tracks: a segment before the field gives the direction, one behind it the momentum, and slope, x and the segments of
/// further stations must agree with both. Keeps its memory between events.
/// </summary>
internal sealed class EndcapCandidates
{
    private readonly EndcapSearchOptions _options;
    private readonly EndcapGeometry _geometry;
    private readonly EndcapSegments[] _finders;
    private readonly IReadOnlyList<EndcapSegment>[] _segments;
    private readonly Passage[] _curve;
    private readonly Dictionary<long, EndcapCandidate> _met = [];
    private readonly EndcapDeflections _deflections;

    public EndcapCandidates(EndcapDeflections deflections, EndcapSearchOptions options)
    {
        (_deflections, _geometry, _options) = (deflections, deflections.Geometry, options);
        _finders = [.. _geometry.Stations.Select(s => new EndcapSegments(_geometry, s.Index, options))];
        _segments = new IReadOnlyList<EndcapSegment>[_finders.Length];
        _curve = new Passage[deflections.Length];
    }

    /// <summary>The segments of each station of the last event.</summary>
    public IReadOnlyList<IReadOnlyList<EndcapSegment>> Segments => _segments;

    /// <summary>The candidates of an event, best first: most planes, then the smallest mismatch.</summary>
    public List<EndcapCandidate> Find(EndcapClusters clusters)
    {
        _met.Clear();
        for (int s = 0; s < _finders.Length; s++)
        {
            _segments[s] = _finders[s].Find(clusters);
        }

        foreach (EndcapSegment first in _segments[0])
        {
            double z = _geometry.Stations[0].Z;
            if (_deflections.Curve(first.Y / z, first.X / first.Y, _curve))
            {
                for (int s = 1; s < _segments.Length; s++)
                {
                    foreach (EndcapSegment second in _segments[s])
                    {
                        Match(first, second);
                    }
                }
            }
        }

        List<EndcapCandidate> found = [.. _met.Values.OrderByDescending(c => c.Planes).ThenBy(c => c.Mismatch)];
        return found;
    }

    private void Match(EndcapSegment first, EndcapSegment second)
    {
        double qOverP = _deflections.Solve(_curve, second.Station, second.Y);
        if (!(Math.Abs(qOverP) <= _options.LargestQOverP))
        {
            return;
        }

        double slopes = _options.SlopeTolerance + (_options.SlopeScattering * Math.Abs(qOverP));
        double places = _options.PlaceTolerance + (_options.PlaceScattering * Math.Abs(qOverP));
        Passage expected = _deflections.At(_curve, second.Station, qOverP);
        double turn = (second.Slope - expected.Slope) / slopes;
        double across = (second.X - expected.X) / places;
        if (!(Math.Abs(turn) < 1 && Math.Abs(across) < 1))
        {
            return;
        }

        double mismatch = (turn * turn) + (across * across);
        List<EndcapSegment> parts = [first, second];
        for (int s = 1; s < _segments.Length; s++)
        {
            if (s != second.Station && Continue(second, expected, s, qOverP, slopes, places) is (var next, var own))
            {
                parts.Add(next);
                mismatch += own;
            }
        }

        int[] clusters = new int[_geometry.Planes.Count];
        double[] along = new double[clusters.Length];
        Array.Fill(clusters, -1);
        long key = 17;
        int planes = 0;
        foreach (EndcapSegment part in parts)
        {
            planes += part.Planes;
            part.Clusters.CopyTo(clusters, _geometry.Stations[part.Station].Planes[0]);
            along.AsSpan(_geometry.Stations[part.Station].Planes[0], part.Clusters.Length).Fill(part.Slope);
        }

        foreach (int cluster in clusters)
        {
            key = (key * 1_000_003) + cluster + 1;
        }

        double z = _geometry.Stations[0].Z;
        double start = _geometry.Planes[0].Z;
        EndcapCandidate candidate = new(clusters, planes, mismatch / parts.Count, along,
            new(first.X * start / z, first.Y * start / z, first.X / z, first.Y / z, qOverP));
        if (!_met.TryGetValue(key, out EndcapCandidate? known) || known.Mismatch > candidate.Mismatch)
        {
            _met[key] = candidate;
        }
    }

    // Behind the field the second segment's own slope says where the track goes on.
    private (EndcapSegment Segment, double Mismatch)? Continue(EndcapSegment second, in Passage expected, int station, double qOverP,
        double slopes, double places)
    {
        Passage there = _deflections.At(_curve, station, qOverP);
        double way = _geometry.Stations[station].Z - _geometry.Stations[second.Station].Z;
        double turned = way > 0 ? second.Slope - expected.Slope : 0;
        (EndcapSegment, double)? best = null;
        double least = double.PositiveInfinity;
        foreach (EndcapSegment segment in _segments[station])
        {
            double dy = (segment.Y - there.Y - (turned * way)) / places;
            double dx = (segment.X - there.X - (second.X - expected.X)) / places / 2;
            double ds = (segment.Slope - there.Slope - turned) / slopes;
            double sum = (dy * dy) + (dx * dx) + (ds * ds);
            if (Math.Abs(dy) < 1 && Math.Abs(dx) < 1 && Math.Abs(ds) < 1 && sum - segment.Planes < least)
            {
                least = sum - segment.Planes;
                best = (segment, sum);
            }
        }

        return best;
    }
}

/// <summary>Clusters that may be one track.</summary>
/// <param name="Clusters">Index of the cluster of each plane, or -1.</param>
/// <param name="Planes">Planes with a cluster.</param>
/// <param name="Mismatch">How badly its segments agree, in squared tolerances.</param>
/// <param name="Slopes">dy/dz of its segment at each plane; 0 where it has none.</param>
/// <param name="Start">A first guess at the reference plane.</param>
internal sealed record EndcapCandidate(int[] Clusters, int Planes, double Mismatch, double[] Slopes, TrackState Start);
