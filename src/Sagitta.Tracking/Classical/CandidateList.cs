namespace Sagitta.Tracking.Classical;

/// <summary>
/// Tracks that segments of consecutive stations make together: one segment of every station that has any, consistent with a circle. Keeps
/// its memory between events.
/// </summary>
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
