namespace Sagitta.Tracking.Scoring;

/// <summary>Shape of the network that scores hits.</summary>
internal sealed record HitScorerOptions
{
    /// <summary>Rounds of attention.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>Heads of each round.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Columns of each head.</summary>
    public int HeadWidth { get; init; } = 8;
}
