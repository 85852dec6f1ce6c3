namespace Sagitta.Tracking.Endcap;

/// <summary>
/// Straight pieces of tracks in one station: lines in (z, y) through clusters of planes without stereo angle, each with the values of x on
/// which its stereo planes agree. Two tracks near each other in y give a segment for each of these x. Keeps its memory between events.
/// </summary>
internal sealed class EndcapSegments
{
    private readonly EndcapGeometry _geometry;
    private readonly EndcapStation _station;
    private readonly EndcapSearchOptions _options;
    private readonly int[] _axial;
    private readonly int[] _stereo;
    private readonly bool _pointing;
    private readonly List<EndcapSegment> _segments = [];
    private readonly HashSet<long> _met = [];
    private readonly List<(double X, int Cluster)> _across = [];
    private readonly List<(double X, int Cluster)> _sorted = [];
    private readonly List<(double Middle, int Planes)> _agreed = [];
    private readonly int[] _acrossOffsets;
    private readonly int[] _own;

    public EndcapSegments(EndcapGeometry geometry, int station, EndcapSearchOptions options)
    {
        (_geometry, _station, _options) = (geometry, geometry.Stations[station], options);
        _axial = [.. _station.Planes.Where(p => !geometry.Planes[p].IsStereo)];
        _stereo = [.. _station.Planes.Where(p => geometry.Planes[p].IsStereo)];
        (_acrossOffsets, _own) = (new int[_stereo.Length + 1], new int[_station.Planes.Count]);
        _pointing = station == 0;
    }

    /// <summary>The segments of an event, best first: most planes, then the smallest chi-square.</summary>
    public IReadOnlyList<EndcapSegment> Find(EndcapClusters clusters)
    {
        _segments.Clear();
        _met.Clear();
        int half = _axial.Length / 2;
        for (int i = 0; i < half; i++)
        {
            for (int j = half; j < _axial.Length; j++)
            {
                foreach (EndcapCluster a in clusters.Of(_axial[i]))
                {
                    foreach (EndcapCluster b in clusters.Of(_axial[j]))
                    {
                        double slope = (b.U - a.U) / (_geometry.Planes[b.Plane].Z - _geometry.Planes[a.Plane].Z);
                        if (_pointing ? Math.Abs(slope - (a.U / _geometry.Planes[a.Plane].Z)) < _options.PointingTolerance
                            : slope is > -0.6 and < 1.4)
                        {
                            Refine(clusters, a.U + (slope * (_station.Z - _geometry.Planes[a.Plane].Z)), slope);
                        }
                    }
                }
            }
        }

        _segments.Sort((a, b) => a.Planes != b.Planes ? b.Planes.CompareTo(a.Planes) : a.ChiSquare.CompareTo(b.ChiSquare));
        if (_segments.Count > _options.SegmentsPerStation)
        {
            _segments.RemoveRange(_options.SegmentsPerStation, _segments.Count - _options.SegmentsPerStation);
        }

        return _segments;
    }

    private void Refine(EndcapClusters clusters, double y, double slope)
    {
        int[] chosen = new int[_station.Planes.Count];
        Array.Fill(chosen, -1);
        (double n, double sz, double szz, double sy, double szy, double syy) = (0, 0, 0, 0, 0, 0);
        long key = 17;
        foreach (int plane in _axial)
        {
            double arm = _geometry.Planes[plane].Z - _station.Z;
            int c = clusters.Nearest(plane, y + (slope * arm), out double distance);
            c = distance < _options.SegmentTolerance ? c : -1;
            chosen[plane - _station.Planes[0]] = c;
            key = (key * 4099) + c + 1;
            if (c >= 0)
            {
                double own = clusters.All[c].U - y;
                (n, sz, szz, sy, szy, syy) = (n + 1, sz + arm, szz + (arm * arm), sy + own, szy + (arm * own), syy + (own * own));
            }
        }

        double determinant = (n * szz) - (sz * sz);
        if (n < _options.AxialPlanes || !(determinant > 0) || !_met.Add(key))
        {
            return;
        }

        double turn = ((n * szy) - (sz * sy)) / determinant;
        double shift = (sy - (turn * sz)) / n;
        AddAcross(clusters, y + shift, turn, (int)n, Math.Max(0, syy - (shift * sy) - (turn * szy)), chosen);
    }

    // The sums of a line in slope and place about y; each x on which enough stereo planes agree is a segment.
    private void AddAcross(EndcapClusters clusters, double y, double slope, int axial, double chiSquare, int[] chosen)
    {
        _across.Clear();
        for (int s = 0; s < _stereo.Length; s++)
        {
            int plane = _stereo[s];
            EndcapPlane measured = _geometry.Planes[plane];
            double alongY = (y + (slope * (measured.Z - _station.Z))) * measured.Cosine;
            for (int c = clusters.Offsets[plane]; c < clusters.Offsets[plane + 1]; c++)
            {
                double x = (clusters.All[c].U - alongY) / measured.Sine;
                if (Math.Abs(x) < _options.AcrossTolerance + (0.35 * _station.Z * 0.4))
                {
                    _across.Add((x, c));
                }
            }

            _acrossOffsets[s + 1] = _across.Count;
        }

        // A long cluster stands before its parts, so the order of clusters is not that of x.
        _sorted.Clear();
        _sorted.AddRange(_across);
        for (int s = 0; s < _stereo.Length; s++)
        {
            _sorted.Sort(_acrossOffsets[s], _acrossOffsets[s + 1] - _acrossOffsets[s], null);
        }

        // Where planes agree about each start, and about the mean of those.
        _agreed.Clear();
        foreach ((double start, int _) in _across)
        {
            (double sum, _, int planes) = Around(start);
            double middle = planes > 0 ? sum / planes : start;
            _agreed.Add((middle, planes > 0 ? Around(middle).Planes : 0));
        }

        int kept = 0;
        Span<double> known = stackalloc double[8];
        chosen.CopyTo(_own, 0);
        for (int wanted = _stereo.Length; wanted >= _options.StereoPlanes && kept < known.Length; wanted--)
        {
            foreach ((double middle, int planes) in _agreed)
            {
                if (planes != wanted || kept == known.Length)
                {
                    continue;
                }

                (double sum, double squares, _) = Around(middle);
                double x = sum / planes;
                if (Contains(known[..kept], x))
                {
                    continue;
                }

                known[kept++] = x;
                double spread = Math.Max(0, squares - (x * x * planes));
                double sine = _geometry.Planes[_stereo[0]].Sine;
                _segments.Add(new(_station.Index, x, y, slope, axial + planes, chiSquare + (spread * sine * sine), [.. _own]));
            }
        }
    }

    private bool Contains(ReadOnlySpan<double> known, double x)
    {
        foreach (double other in known)
        {
            if (Math.Abs(other - x) < _options.AcrossTolerance / 2)
            {
                return true;
            }
        }

        return false;
    }

    // The nearest x of each plane; of several the first cluster.
    private (double Sum, double Squares, int Planes) Around(double start)
    {
        (double sum, double squares, int planes) = (0, 0, 0);
        for (int s = 0; s < _stereo.Length; s++)
        {
            (int begin, int end) = (_acrossOffsets[s], _acrossOffsets[s + 1]);
            int right = begin;
            for (int high = end; right < high;)
            {
                int middle = (right + high) / 2;
                (right, high) = _sorted[middle].X < start ? (middle + 1, high) : (right, middle);
            }

            int left = right - 1;
            while (left > begin && _sorted[left - 1].X == _sorted[left].X)
            {
                left--;
            }

            (double best, double at, int cluster) = (_options.AcrossTolerance, 0, -1);
            foreach (int k in (ReadOnlySpan<int>)[left, right])
            {
                if (k >= begin && k < end && Math.Abs(_sorted[k].X - start) is double distance
                    && (distance < best || (distance == best && _sorted[k].Cluster < cluster)))
                {
                    (best, at, cluster) = (distance, _sorted[k].X, _sorted[k].Cluster);
                }
            }

            _own[_stereo[s] - _station.Planes[0]] = cluster;
            if (cluster >= 0)
            {
                (sum, squares, planes) = (sum + at, squares + (at * at), planes + 1);
            }
        }

        return (sum, squares, planes);
    }
}

/// <summary>A straight piece of a track in a station.</summary>
/// <param name="Station">Its station.</param>
/// <param name="X">x at the station's middle, mm.</param>
/// <param name="Y">y there, mm.</param>
/// <param name="Slope">dy/dz.</param>
/// <param name="Planes">Planes with a cluster.</param>
/// <param name="ChiSquare">Sum of squared distances in u of its clusters, mm^2.</param>
/// <param name="Clusters">Index of the cluster of each plane of the station, or -1.</param>
internal sealed record EndcapSegment(int Station, double X, double Y, double Slope, int Planes, double ChiSquare, int[] Clusters);
