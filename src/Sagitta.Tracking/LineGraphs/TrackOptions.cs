namespace Sagitta.Tracking.LineGraphs;

/// <summary>Which chains of hits count as tracks.</summary>
internal sealed record TrackOptions
{
    /// <summary>Fewest hits.</summary>
    public int FewestHits { get; init; } = 5;

    /// <summary>The deepest hit must have more than this energy, MeV: a proton that stops leaves much there, one that was absorbed does
    /// not.</summary>
    public double LastDeposit { get; init; } = 0.0625;

    /// <summary>
    /// Share of the beam particle's hits in the frame that a track must hold to count as correct; 1 for all of them. By default a fragment
    /// counts, as in the published code.
    /// </summary>
    public double Completeness { get; init; }

    /// <summary>
    /// Price of a hit that is joined to none towards the beam, where a segment of score p costs 1 - p. By default there is none: as many
    /// hits as possible are joined, however poor their segments.
    /// </summary>
    public double? UnassignedPrice { get; init; }
}
