namespace Sagitta.Experiments.Muon.Comparison;

/// <summary>What the user asked of "reproduce muon".</summary>
internal sealed record MuonReproductionRequest
{
    /// <summary>The short form: minutes, one seed.</summary>
    public bool Quick { get; init; }

    /// <summary>With all studies, those that train included.</summary>
    public bool Full { get; init; }

    /// <summary>Name of the one study to answer; null for the whole.</summary>
    public string? Only { get; init; }

    /// <summary>Most seeds of studies that train.</summary>
    public int StudySeeds { get; init; } = 3;

    /// <summary>Root of a checkout whose README.md and docs get the results; null for none.</summary>
    public string? Publish { get; init; }

    /// <summary>First seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Number of seeds; null for one (quick) or five.</summary>
    public int? Seeds { get; init; }

    /// <summary>Threads; results do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Experiment file; null for the shipped one.</summary>
    public string? Configuration { get; init; }

    /// <summary>Overrides of its fields, "training.epochs=3".</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Folder with the full Geant4 samples; null for the shipped slice.</summary>
    public string? Data { get; init; }

    /// <summary>Geant4 deposits instead of either.</summary>
    public string? Deposits { get; init; }

    /// <summary>Their truth.</summary>
    public string? Truth { get; init; }

    /// <summary>The command as it was given, for the report.</summary>
    public string Command { get; init; } = "";
}
