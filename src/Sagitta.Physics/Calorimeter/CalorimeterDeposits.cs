namespace Sagitta.Physics.Calorimeter;

/// <summary>Passages of particles through the sensitive layers of a tracking calorimeter, as columns: what a simulation or a readout
/// writes, before any preparation. Layers 0 and 1 are the tracker of the shipped calorimeter, 2 and up its absorber layers.</summary>
internal sealed class CalorimeterDeposits
{
    /// <summary>Number of passages.</summary>
    public int Count => EventNumber.Length;

    /// <summary>Event (beam particle) of each passage; all 0 where the file has no events.</summary>
    public required long[] EventNumber { get; init; }

    /// <summary>Track number within the event; empty where the file has none.</summary>
    public required long[] Track { get; init; }

    /// <summary>Track number of the parent, 0 for the beam particle; empty where the file has none.</summary>
    public required long[] Parent { get; init; }

    /// <summary>Particle code (Particle Data Group); 0 where the file has none.</summary>
    public required int[] Particle { get; init; }

    /// <summary>Layer, from 0.</summary>
    public required int[] Layer { get; init; }

    /// <summary>x, mm.</summary>
    public required double[] X { get; init; }

    /// <summary>y, mm.</summary>
    public required double[] Y { get; init; }

    /// <summary>z, mm.</summary>
    public required double[] Z { get; init; }

    /// <summary>Energy deposited, MeV.</summary>
    public required double[] Energy { get; init; }

    /// <summary>Rows of the file before these.</summary>
    public long FirstRow { get; init; }

    /// <summary>Identifier of each passage; empty where it is the number of its row in the file, from 0.</summary>
    public long[] HitId { get; init; } = [];

    /// <summary>Frame of each passage; empty where frames are to be formed of events.</summary>
    public long[] Frame { get; init; } = [];

    /// <summary>Spot of the beam of each passage, mm; empty where the file names none.</summary>
    public (double X, double Y)[] Spot { get; init; } = [];

    /// <summary>Whether events, tracks and parents are known.</summary>
    public bool HasTruth { get; init; } = true;

    /// <summary>What was taken for what the file does not tell, to be shown.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>These passages and those of other events behind them, whose event numbers are moved behind the last of these.</summary>
    public CalorimeterDeposits Followed(CalorimeterDeposits others)
    {
        long first = Count == 0 ? 0 : EventNumber.Max() + 1;
        if (first > long.MaxValue - int.MaxValue || first == long.MinValue)
        {
            throw new BadInputException($"event {EventNumber.Max()}", "no numbers are left behind it for simulated events",
                "number the events of the file below 2^62");
        }

        return new()
        {
            EventNumber = [.. EventNumber, .. others.EventNumber.Select(number => first + number)],
            Track = [.. Track, .. others.Track],
            Parent = [.. Parent, .. others.Parent],
            Particle = [.. Particle, .. others.Particle],
            Layer = [.. Layer, .. others.Layer],
            X = [.. X, .. others.X],
            Y = [.. Y, .. others.Y],
            Z = [.. Z, .. others.Z],
            Energy = [.. Energy, .. others.Energy],
        };
    }
}

/// <summary>One passage of one track through one layer, in mm and MeV; parent 0 is the beam particle's.</summary>
internal readonly record struct Passage(int Event, int Track, int Parent, int Particle, int Layer, double X, double Y, double Z,
    double Energy);

/// <summary>Passages gathered one by one, to become <see cref="CalorimeterDeposits"/>.</summary>
internal sealed class CalorimeterDepositList
{
    private static readonly Comparer<Passage> _byLayer = Comparer<Passage>.Create(
        (a, b) => a.Layer != b.Layer ? a.Layer.CompareTo(b.Layer) : a.Track.CompareTo(b.Track));

    private readonly List<Passage> _passages = [];

    /// <summary>Number of passages.</summary>
    public int Count => _passages.Count;

    /// <summary>Adds a passage.</summary>
    public void Add(in Passage passage) => _passages.Add(passage);

    /// <summary>Adds all passages of another list behind these.</summary>
    public void Append(CalorimeterDepositList other) => _passages.AddRange(other._passages);

    /// <summary>Orders the passages from <paramref name="first"/> on, which belong to one event, by layer, then by track.</summary>
    public void SortEvent(int first) => _passages.Sort(first, _passages.Count - first, _byLayer);

    /// <summary>The passages as columns.</summary>
    public CalorimeterDeposits ToDeposits(bool hasTracks = true, bool hasTruth = true, long[]? hitIds = null,
        long[]? frames = null) => new()
        {
            EventNumber = [.. _passages.Select(passage => (long)passage.Event)],
            Track = hasTracks ? [.. _passages.Select(passage => (long)passage.Track)] : [],
            Parent = hasTruth ? [.. _passages.Select(passage => (long)passage.Parent)] : [],
            Particle = [.. _passages.Select(passage => passage.Particle)],
            Layer = [.. _passages.Select(passage => passage.Layer)],
            X = [.. _passages.Select(passage => passage.X)],
            Y = [.. _passages.Select(passage => passage.Y)],
            Z = [.. _passages.Select(passage => passage.Z)],
            Energy = [.. _passages.Select(passage => passage.Energy)],
            HitId = hitIds ?? [],
            Frame = frames ?? [],
            HasTruth = hasTruth,
        };
}
