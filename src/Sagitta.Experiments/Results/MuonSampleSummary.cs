namespace Sagitta.Experiments.Results;

/// <summary>What all methods make of one sample of events.</summary>
public sealed record MuonSampleSummary
{
    /// <summary>The name that it is written under, unique in a summary.</summary>
    public required string Name { get; init; }

    /// <summary>"simulation" or "geant4".</summary>
    public required string Source { get; init; }

    /// <summary>Number of events.</summary>
    public required int Events { get; init; }

    /// <summary>Background flux; NaN for a mixture.</summary>
    public required double BackgroundKHzPerCm2 { get; init; }

    /// <summary>Results by method, named "truth", "classical", "factorised", "end-to-end" and "road".</summary>
    public required IReadOnlyList<MuonMethodSummary> Methods { get; init; }

    /// <summary>Paired differences between methods.</summary>
    public IReadOnlyList<DifferenceSummary> Differences { get; init; } = [];
}
