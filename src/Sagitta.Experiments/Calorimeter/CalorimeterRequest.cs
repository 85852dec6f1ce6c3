namespace Sagitta.Experiments.Calorimeter;

/// <summary>What the command line asks of a reproduction.</summary>
internal sealed record CalorimeterRequest
{
    /// <summary>The short form.</summary>
    public bool Quick { get; init; }

    /// <summary>The long form: the published number of steps at a constant rate.</summary>
    public bool Full { get; init; }

    /// <summary>First seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Number of seeds; null for the experiment's own.</summary>
    public int? Seeds { get; init; }

    /// <summary>Threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Experiment file; null for the shipped one.</summary>
    public string? Configuration { get; init; }

    /// <summary>Overrides.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
