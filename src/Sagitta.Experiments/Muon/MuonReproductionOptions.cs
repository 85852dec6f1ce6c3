namespace Sagitta.Experiments.Muon;

/// <summary>What "reproduce muon" runs.</summary>
public sealed record MuonReproductionOptions
{
    /// <summary>The configuration; its seed is the first of <see cref="Seeds"/>.</summary>
    public required MuonExperiment Experiment { get; init; }

    /// <summary>How many consecutive seeds, from the experiment's on.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Deposits and truth of the Geant4 test events.</summary>
    public required (string Hits, string Truth) Geant4 { get; init; }

    /// <summary>First Geant4 event number to use, so that events for tuning are never tested on.</summary>
    public long FirstGeant4Event { get; init; } = 10_000;

    /// <summary>Seed of the digitisation of Geant4 events.</summary>
    public ulong Geant4Seed { get; init; } = 77;
}
