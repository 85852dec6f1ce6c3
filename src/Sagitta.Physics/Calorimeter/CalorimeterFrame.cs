namespace Sagitta.Physics.Calorimeter;

/// <summary>
/// Hits of one readout frame, the overlay of several events, deepest layer first. Positions, layers and energies are what
/// reconstruction reads; event, track and parent numbers are truth, for training targets and metrics.
/// </summary>
internal sealed class CalorimeterFrame
{
    /// <summary>Number of hits.</summary>
    public int Count => Layer.Length;

    /// <summary>Number of events overlaid.</summary>
    public required int Events { get; init; }

    /// <summary>Layer of each hit, not increasing.</summary>
    public required int[] Layer { get; init; }

    /// <summary>x of each hit, mm.</summary>
    public required float[] X { get; init; }

    /// <summary>y of each hit, mm.</summary>
    public required float[] Y { get; init; }

    /// <summary>z of each hit, mm.</summary>
    public required float[] Z { get; init; }

    /// <summary>Energy deposited, MeV.</summary>
    public required float[] Energy { get; init; }

    /// <summary>Truth: event of each hit.</summary>
    public required int[] TruthEvent { get; init; }

    /// <summary>Truth: track number within the event.</summary>
    public required int[] TruthTrack { get; init; }

    /// <summary>Truth: whether the beam particle itself made the hit.</summary>
    public required bool[] TruthPrimary { get; init; }
}
