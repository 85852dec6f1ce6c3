namespace Sagitta.Experiments.Landscapes;

/// <summary>What a user asks of "sagitta landscape".</summary>
internal sealed record LandscapeRequest
{
    /// <summary>"muon", "calorimeter", or empty for both.</summary>
    public string System { get; init; } = "";

    /// <summary>The short form.</summary>
    public bool Quick { get; init; }

    /// <summary>The long form.</summary>
    public bool Full { get; init; }

    /// <summary>Files, folders or patterns of models; the shipped ones without any.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Overridden options.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Seed of directions, probes and drawn points.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Root of a checkout whose docs/landscape.md gets the findings; null for none.</summary>
    public string? Publish { get; init; }

    /// <summary>The command line, for the report.</summary>
    public string Command { get; init; } = "sagitta landscape";
}
