namespace Sagitta.Experiments.Results;

/// <summary>What a run writes for other programs to read, as <c>summary.json</c>; <see cref="SummaryWriter"/> writes it.</summary>
public sealed record RunSummary
{
    /// <summary>The command line.</summary>
    public required string Command { get; init; }

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>Seed of all random numbers.</summary>
    public ulong Seed { get; init; }

    /// <summary>Worker threads.</summary>
    public int Threads { get; init; }

    /// <summary>Duration of the run, s.</summary>
    public double WallSeconds { get; init; }

    /// <summary>Largest working set of the process, MiB.</summary>
    public double PeakMemoryMiB { get; init; }

    /// <summary>Results of the muon system; null leaves them out.</summary>
    public MuonSummary? Muon { get; init; }

    /// <summary>Results of the calorimeter; null leaves them out.</summary>
    public CalorimeterSummary? Calorimeter { get; init; }

    /// <summary>Checks of a validation; null leaves them out.</summary>
    public IReadOnlyList<CheckSummary>? Checks { get; init; }
}
