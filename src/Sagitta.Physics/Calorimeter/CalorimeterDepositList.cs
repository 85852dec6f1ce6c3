namespace Sagitta.Physics.Calorimeter;

/// <summary>Passages gathered one by one, to become <see cref="CalorimeterDeposits"/>.</summary>
internal sealed class CalorimeterDepositList
{
    private readonly List<Passage> _passages = [];

    /// <summary>Number of passages.</summary>
    public int Count => _passages.Count;

    /// <summary>Adds a passage.</summary>
    public void Add(in Passage passage) => _passages.Add(passage);

    /// <summary>Adds all passages of another list behind these.</summary>
    public void Append(CalorimeterDepositList other) => _passages.AddRange(other._passages);

    /// <summary>Removes all passages and keeps the memory.</summary>
    public void Clear() => _passages.Clear();

    /// <summary>Orders the passages from <paramref name="first"/> on, which belong to one event, by layer, then by track.</summary>
    public void SortEvent(int first) => _passages.Sort(first, _passages.Count - first, PassageOrder.Instance);

    /// <summary>The passages as columns.</summary>
    public CalorimeterDeposits ToDeposits() => new()
    {
        EventNumber = [.. _passages.Select(passage => passage.Event)],
        Track = [.. _passages.Select(passage => passage.Track)],
        Parent = [.. _passages.Select(passage => passage.Parent)],
        Particle = [.. _passages.Select(passage => passage.Particle)],
        Layer = [.. _passages.Select(passage => passage.Layer)],
        X = [.. _passages.Select(passage => passage.X)],
        Y = [.. _passages.Select(passage => passage.Y)],
        Z = [.. _passages.Select(passage => passage.Z)],
        Energy = [.. _passages.Select(passage => passage.Energy)],
    };

    private sealed class PassageOrder : IComparer<Passage>
    {
        public static PassageOrder Instance { get; } = new();

        public int Compare(Passage x, Passage y)
        {
            int order = x.Layer.CompareTo(y.Layer);
            return order != 0 ? order : x.Track.CompareTo(y.Track);
        }
    }
}
