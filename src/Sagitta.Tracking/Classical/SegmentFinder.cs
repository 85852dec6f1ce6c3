namespace Sagitta.Tracking.Classical;

/// <summary>Segments of one station by a Hough transform: every cluster votes, for every slope, for the y at the station's middle where a
/// line through it would pass; a cell's votes are the planes that agree (many clusters of one plane count once). Cells with enough planes
/// are refined by straight-line fits to the nearest cluster of each plane.</summary>
internal sealed class SegmentFinder
{
    private static readonly Comparison<Segment> BestFirst = (a, b) => a.Planes != b.Planes ? b.Planes.CompareTo(a.Planes)
        : a.ChiSquare.CompareTo(b.ChiSquare);

    private readonly ClassicalOptions _options;
    private readonly double[] _arms;
    private readonly int _firstPlane;
    private readonly double _middle;
    private readonly int _minimumPlanes;
    private readonly double _roughTolerance;
    private readonly StationClusters _clusters;
    private readonly HoughTable _table;
    private readonly ChoiceSet _begun;
    private readonly ChoiceSet _continued;
    private readonly ChoiceSet _kept;
    private readonly List<Segment> _segments = [];
    private readonly List<Segment> _spare = [];
    private readonly int[] _chosen;
    private readonly int[] _previous;
    private readonly double[] _positions;

    /// <summary>A finder for a station of a detector, of at most 64 planes.</summary>
    public SegmentFinder(Detector detector, int station, ClassicalOptions options)
    {
        _options = options;
        List<double> z = [];
        _firstPlane = -1;
        for (int i = 0; i < detector.Planes.Count; i++)
        {
            if (detector.Planes[i].Station == station)
            {
                _firstPlane = _firstPlane < 0 ? i : _firstPlane;
                z.Add(detector.Planes[i].Z);
            }
        }

        if (z.Count is 0 or > 64)
        {
            throw new ArgumentException($"Station {station} of '{detector.Name}' has {z.Count} planes; 1 to 64 can be searched.",
                nameof(station));
        }

        double middle = detector.Planes[detector.MiddlePlane(station)].Z;
        _middle = middle;
        _arms = [.. z.Select(plane => plane - middle)];
        _clusters = new(_firstPlane, _arms);
        _table = new(_arms, z[^1] - z[0], options);
        _begun = new(_arms.Length);
        _continued = new(_arms.Length);
        _kept = new(_arms.Length);
        _chosen = new int[_arms.Length];
        _previous = new int[_arms.Length];
        _positions = new double[_arms.Length];
        _roughTolerance = options.PositionCell + (options.SlopeCell * (z[^1] - z[0]) / 4);
        _minimumPlanes = Math.Max(2, (int)Math.Ceiling(options.PlaneShare * _arms.Length));
    }

    /// <summary>z of the station's middle plane, mm.</summary>
    public double Middle => _middle;
    /// <summary>Index of the station's first plane in the detector.</summary>
    public int FirstPlane => _firstPlane;
    /// <summary>Planes of the station.</summary>
    public int PlaneCount => _arms.Length;

    /// <summary>The segments among clusters of any stations, best first: most planes, then smallest chi-square. No two share all clusters.
    /// The list and what is in it are valid until the next call.</summary>
    public IReadOnlyList<Segment> Find(List<StripCluster> clusters)
    {
        List<Segment> segments = _segments;
        _spare.AddRange(segments);
        segments.Clear();
        _clusters.Take(clusters);
        if (_clusters.Count == 0)
        {
            return segments;
        }

        _begun.Clear();
        _continued.Clear();
        _kept.Clear();
        ReadOnlySpan<HoughCell> cells = _table.Fill(_clusters, _minimumPlanes);
        for (int wanted = _arms.Length; wanted >= _minimumPlanes && segments.Count < 4 * _options.SegmentsPerStation; wanted--)
        {
            foreach (HoughCell cell in cells)
            {
                if (cell.Planes == wanted)
                {
                    Refine(_table.PositionOf(cell.Position), _table.SlopeOf(cell.Slope), segments);
                }
            }
        }

        segments.Sort(BestFirst);
        while (segments.Count > _options.SegmentsPerStation)
        {
            _spare.Add(segments[^1]);
            segments.RemoveAt(segments.Count - 1);
        }

        return segments;
    }

    // Nearest clusters, line fit, twice more with the final tolerance; kept if enough planes remain and it is new. A choice of clusters
    // determines all that follows it, so that one met before in the same round is left: neighbouring cells lead to the same segment.
    private void Refine(double y, double slope, List<Segment> segments)
    {
        _clusters.Nearest(y, slope, _roughTolerance, _chosen, _positions);
        if (!_begun.Add(_chosen))
        {
            return;
        }

        int planes = Fit(ref y, ref slope);
        if (planes < _minimumPlanes)
        {
            return;
        }

        _chosen.CopyTo(_previous, 0);
        _clusters.Nearest(y, slope, _options.SegmentTolerance, _chosen, _positions);
        if (!_continued.Add(_chosen))
        {
            return;
        }

        // The line through the same clusters is the same line, and its nearest clusters are the same again.
        if (!_chosen.AsSpan().SequenceEqual(_previous))
        {
            planes = Fit(ref y, ref slope);
            if (planes < _minimumPlanes)
            {
                return;
            }

            _chosen.CopyTo(_previous, 0);
            _clusters.Nearest(y, slope, _options.SegmentTolerance, _chosen, _positions);
            if (!_chosen.AsSpan().SequenceEqual(_previous))
            {
                planes = Fit(ref y, ref slope);
                if (planes < _minimumPlanes)
                {
                    return;
                }
            }
        }

        if (!_kept.Add(_chosen))
        {
            return;
        }

        Segment segment;
        if (_spare.Count > 0)
        {
            segment = _spare[^1];
            _spare.RemoveAt(_spare.Count - 1);
        }
        else
        {
            segment = new(_arms.Length);
        }

        segment.Y = y;
        segment.Slope = slope;
        segment.Planes = planes;
        segment.ChiSquare = ChiSquare(y, slope);
        _chosen.CopyTo(segment.Clusters, 0);
        segments.Add(segment);
    }

    // The line through the chosen clusters, unless they are too few; their number.
    private int Fit(ref double y, ref double slope)
    {
        double n = 0, sz = 0, szz = 0, sy = 0, szy = 0;
        for (int i = 0; i < _chosen.Length; i++)
        {
            // Planes without a cluster add zeros, which a processor does sooner than guess which they are.
            double arm = _arms[i];
            double has = _chosen[i] >= 0 ? 1 : 0;
            n += has;
            sz += has * arm;
            szz += has * (arm * arm);
            sy += _positions[i];
            szy += arm * _positions[i];
        }

        if (n >= _minimumPlanes)
        {
            slope = ((n * szy) - (sz * sy)) / ((n * szz) - (sz * sz));
            y = (sy - (slope * sz)) / n;
        }

        return (int)n;
    }

    private double ChiSquare(double y, double slope)
    {
        double sum = 0;
        for (int i = 0; i < _chosen.Length; i++)
        {
            if (_chosen[i] >= 0)
            {
                double residual = _positions[i] - y - (slope * _arms[i]);
                sum += residual * residual;
            }
        }

        return sum;
    }
}

/// <summary>A straight piece of track in one station. Belongs to its finder, which uses it again for the next event.</summary>
internal sealed class Segment
{
    internal Segment(int planes) => Clusters = new int[planes];

    /// <summary>y at the station's middle plane, mm.</summary>
    public double Y { get; internal set; }
    /// <summary>dy/dz.</summary>
    public double Slope { get; internal set; }
    /// <summary>Planes with a cluster.</summary>
    public int Planes { get; internal set; }
    /// <summary>Sum of squared distances of its clusters, mm^2.</summary>
    public double ChiSquare { get; internal set; }
    /// <summary>Index of the cluster of each plane of the station, or -1.</summary>
    public int[] Clusters { get; }
    /// <summary>Sine of the angle to +z.</summary>
    public double Sine => Slope / Math.Sqrt(1 + (Slope * Slope));
}
