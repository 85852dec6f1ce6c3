namespace Sagitta.Reports.Figures;

/// <summary>Something drawn in a panel from data. Points with a coordinate that is not finite are left out.</summary>
internal abstract record Mark
{
    /// <summary>Text in the legend; empty keeps the mark out of it.</summary>
    public string Label { get; init; } = "";

    /// <summary>
    /// Which colour of the palette, from 0; it also chooses the marker's shape, so that colour is never the only difference.
    /// <see cref="Palette.Neutral"/> draws in the colour of the text.
    /// </summary>
    public int Series { get; init; }

    /// <summary>The smallest box around the data: what an axis without given ends must show.</summary>
    internal abstract Extent Extent(bool logarithmicX, bool logarithmicY);
}
