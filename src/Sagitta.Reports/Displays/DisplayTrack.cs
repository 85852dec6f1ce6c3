namespace Sagitta.Reports.Displays;

/// <summary>A trajectory as a line through points, close enough to look smooth.</summary>
/// <param name="Name">For the legend, such as "fit" or "truth".</param>
/// <param name="Z">Places along the beam, mm, ascending.</param>
/// <param name="Y">Places across, mm.</param>
internal sealed record DisplayTrack(string Name, IReadOnlyList<double> Z, IReadOnlyList<double> Y)
{
    /// <summary>Colour of the palette; neutral by default.</summary>
    public int Series { get; init; } = Palette.Neutral;

    /// <summary>Solid by default.</summary>
    public LineStyle Style { get; init; }
}
