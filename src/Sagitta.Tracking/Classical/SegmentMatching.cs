namespace Sagitta.Tracking.Classical;

/// <summary>From the strip clusters of an event to candidates of tracks: segments of every station, and all combinations of one segment a
/// station in which consecutive ones agree with a circle. Keeps its memory between events.</summary>
internal sealed class SegmentMatching
{
    private readonly CircleGeometry _geometry;
    private readonly ClassicalOptions _options;
    private readonly SegmentFinder[] _finders;
    private readonly IReadOnlyList<Segment>[] _segments;
    private readonly CandidateList _candidates;
    private readonly int[] _chosen;

    public SegmentMatching(Detector detector, CircleGeometry geometry, ClassicalOptions options)
    {
        _geometry = geometry;
        _options = options;
        _finders = new SegmentFinder[detector.StationCount];
        for (int station = 0; station < _finders.Length; station++)
        {
            _finders[station] = new(detector, station, options);
        }

        _segments = new IReadOnlyList<Segment>[_finders.Length];
        _candidates = new(detector.Planes.Count);
        _chosen = new int[detector.Planes.Count];
    }

    /// <summary>One segment of every station that has any, best candidates first; from at least two stations, or the only one. The list
    /// belongs to this object.</summary>
    public CandidateList Find(List<StripCluster> clusters)
    {
        int filled = 0;
        for (int station = 0; station < _finders.Length; station++)
        {
            _segments[station] = _finders[station].Find(clusters);
            filled += _segments[station].Count > 0 ? 1 : 0;
        }

        _candidates.Clear();
        if (filled >= Math.Min(2, _finders.Length))
        {
            Extend(0, -1, null, 0);
        }

        _candidates.Sort();
        return _candidates;
    }

    private void Extend(int station, int previousStation, Segment? previous, int planes)
    {
        if (station == _finders.Length)
        {
            _candidates.Add(planes, _chosen);
            return;
        }

        SegmentFinder finder = _finders[station];
        if (_segments[station].Count == 0)
        {
            _chosen.AsSpan(finder.FirstPlane, finder.PlaneCount).Fill(-1);
            Extend(station + 1, previousStation, previous, planes);
            return;
        }

        for (int i = 0; i < _segments[station].Count; i++)
        {
            Segment segment = _segments[station][i];
            if (previous is null || Matches(previous, _finders[previousStation].Middle, segment, finder.Middle))
            {
                segment.Clusters.CopyTo(_chosen, finder.FirstPlane);
                Extend(station + 1, station, segment, planes + segment.Planes);
            }
        }
    }

    // The circle with both segments' slopes must lead from one to the other.
    private bool Matches(Segment from, double fromZ, Segment to, double toZ)
    {
        double distance = toZ - fromZ;
        double curvature = (to.Sine - from.Sine) / distance;
        double inversePt = Math.Abs(curvature / _geometry.CurvaturePerQOverPt);
        double miss = to.Y - from.Y - CircleTrack.Displacement(distance, from.Sine, curvature);
        return inversePt * _options.MinimumPt <= 1 && Math.Abs(miss) <= _options.MatchTolerance + (_options.MatchScattering * inversePt);
    }
}

/// <summary>Tracks that segments of consecutive stations make together: one segment of every station that has any, consistent with a
/// circle. Keeps its memory between events.</summary>
internal sealed class CandidateList
{
    private static readonly Comparison<Candidate> BestFirst = (a, b) => a.Planes != b.Planes ? b.Planes.CompareTo(a.Planes)
        : a.Order.CompareTo(b.Order);

    private readonly int _planes;
    private readonly List<Candidate> _found = [];
    private readonly List<Candidate> _spare = [];

    public CandidateList(int planes) => _planes = planes;

    public int Count => _found.Count;

    /// <summary>The cluster of each plane of a candidate, or -1.</summary>
    public ReadOnlySpan<int> this[int index] => _found[index].Clusters;

    public void Clear()
    {
        _spare.AddRange(_found);
        _found.Clear();
    }

    public void Add(int planes, ReadOnlySpan<int> clusters)
    {
        Candidate candidate;
        if (_spare.Count > 0)
        {
            candidate = _spare[^1];
            _spare.RemoveAt(_spare.Count - 1);
        }
        else
        {
            candidate = new(new int[_planes]);
        }

        candidate.Planes = planes;
        candidate.Order = _found.Count;
        clusters.CopyTo(candidate.Clusters);
        _found.Add(candidate);
    }

    /// <summary>Sorts by number of planes, the earlier of equal ones first.</summary>
    public void Sort() => _found.Sort(BestFirst);

    private sealed class Candidate(int[] clusters)
    {
        public int Planes { get; set; }
        public int Order { get; set; }
        public int[] Clusters { get; } = clusters;
    }
}
