namespace Sagitta.Tracking.Classical;

/// <summary>
/// From the strip clusters of an event to candidates of tracks: segments of every station, and all combinations of one segment a station in
/// which consecutive ones agree with a circle. Keeps its memory between events.
/// </summary>
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

    /// <summary>
    /// One segment of every station that has any, best candidates first; from at least two stations, or the only one. The list belongs to
    /// this object.
    /// </summary>
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
