namespace Sagitta.Learning.Checkpoints;

/// <summary>What a training run keeps in a <see cref="Checkpoint"/> besides parameters and optimiser: best values, counters,
/// configuration.</summary>
internal sealed class CheckpointExtras
{
    /// <summary>Named numbers, kept bit for bit.</summary>
    public Dictionary<string, double[]> Arrays { get; } = new(StringComparer.Ordinal);

    /// <summary>Named texts.</summary>
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);
}
