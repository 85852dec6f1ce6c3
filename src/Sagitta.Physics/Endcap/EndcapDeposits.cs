namespace Sagitta.Physics.Endcap;

/// <summary>
/// Deposits of events with any number of muons, as a simulation or Geant4 left them. A deposit's y is u, the coordinate that its plane
/// measures; its particle is the number of the muon that it descends from.
/// </summary>
/// <param name="planes">Planes of the detector.</param>
internal sealed class EndcapDeposits(int planes)
{
    private readonly List<int> _offsets = [0];
    private readonly List<int> _muonOffsets = [0];

    public int Planes => planes;

    public int Count => Numbers.Count;

    public DepositList Deposits { get; } = new();

    public List<long> Numbers { get; } = [];

    /// <summary>Whether the second muon of an event was made close to the first.</summary>
    public List<bool> ClosePairs { get; } = [];

    /// <summary>Muons of all events at the reference plane.</summary>
    public List<TrackState> Muons { get; } = [];

    /// <summary>Muons x planes: x and y where each muon crossed the centre of each gap, mm; NaN where it did not.</summary>
    public List<(float X, float Y)> Crossings { get; } = [];

    public (int Begin, int End) DepositsOf(int index) => (_offsets[index], _offsets[index + 1]);

    public (int Begin, int End) MuonsOf(int index) => (_muonOffsets[index], _muonOffsets[index + 1]);

    /// <summary>Ends the event whose deposits, muons and crossings were added since the last one ended.</summary>
    public void EndEvent(long number, bool isClosePair)
    {
        _offsets.Add(Deposits.Count);
        _muonOffsets.Add(Muons.Count);
        Numbers.Add(number);
        ClosePairs.Add(isClosePair);
    }
}
