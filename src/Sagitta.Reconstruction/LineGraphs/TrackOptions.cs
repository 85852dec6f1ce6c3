namespace Sagitta.Reconstruction.LineGraphs;

/// <summary>Which chains of hits count as tracks.</summary>
public sealed record TrackOptions
{
    /// <summary>Fewest hits.</summary>
    public int FewestHits { get; init; } = 5;

    /// <summary>The deepest hit must have more than this energy, MeV: a proton that stops leaves much there, one that was absorbed does not.</summary>
    public double LastDeposit { get; init; } = 0.0625;
}
