namespace Sagitta.Physics.Deposits;

/// <summary>
/// Deposits of many events laid end to end, as a simulation or Geant4 left them: before event shift, background and digitiser.
/// Not thread-safe while it grows.
/// </summary>
internal sealed class DepositSet
{
    private readonly List<int> _offsets = [0];
    private readonly List<long> _numbers = [];
    private readonly List<MuonTruth> _truth = [];
    private readonly List<float> _crossings = [];

    /// <summary>An empty set for a detector of <paramref name="planeCount"/> planes.</summary>
    public DepositSet(int planeCount) => PlaneCount = planeCount;

    /// <summary>Planes of the detector.</summary>
    public int PlaneCount { get; }

    /// <summary>Number of finished events.</summary>
    public int Count => _numbers.Count;

    /// <summary>Deposits of all events.</summary>
    public DepositList Deposits { get; } = new();

    /// <summary>First deposit of an event; that of <see cref="Count"/> is the total.</summary>
    public int Offset(int index) => _offsets[index];

    /// <summary>Number that, with the seed, names an event.</summary>
    public long Number(int index) => _numbers[index];

    /// <summary>The muon of an event at z = 0.</summary>
    public MuonTruth Truth(int index) => _truth[index];

    /// <summary>Per plane: y where the muon crossed the gap's centre, mm; NaN where it did not.</summary>
    public ReadOnlySpan<float> Crossings(int index) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_crossings).Slice(index * PlaneCount, PlaneCount);

    /// <summary>Forgets all events and keeps the memory.</summary>
    public void Clear()
    {
        Deposits.Clear();
        _offsets.RemoveRange(1, _offsets.Count - 1);
        _numbers.Clear();
        _truth.Clear();
        _crossings.Clear();
    }

    /// <summary>Ends the event whose deposits were added since the last one ended.</summary>
    public void EndEvent(long number, MuonTruth truth, ReadOnlySpan<float> crossings)
    {
        if (crossings.Length != PlaneCount)
        {
            throw new ArgumentException($"Give one crossing a plane ({PlaneCount}), NaN where there is none.", nameof(crossings));
        }

        _offsets.Add(Deposits.Count);
        _numbers.Add(number);
        _truth.Add(truth);
        foreach (float crossing in crossings)
        {
            _crossings.Add(crossing);
        }
    }
}

/// <summary>What is known of an event's muon at z = 0, before the event shift.</summary>
/// <param name="Present">False for an event of background alone; then the rest only places its road.</param>
/// <param name="QOverPt">Charge over momentum in the (y, z) plane, 1/GeV.</param>
/// <param name="Y0">y at z = 0, mm.</param>
/// <param name="Sine">Sine of the angle to +z in the (y, z) plane at z = 0.</param>
/// <param name="SlopeAcross">Momentum along x over that in the (y, z) plane.</param>
internal readonly record struct MuonTruth(bool Present, double QOverPt, double Y0, double Sine, double SlopeAcross = 0)
{
    /// <summary>The path without material.</summary>
    public CircleTrack Circle(double fieldTesla) => CircleTrack.FromMomentum(Y0, Sine, QOverPt, fieldTesla);
}
