namespace Sagitta.Reports.Figures;

/// <summary>Lines of equal value on a grid, with the areas between them filled by a colour scale unless that is switched off.</summary>
/// <param name="Grid">The values.</param>
/// <param name="Levels">Values of the lines, ascending.</param>
/// <param name="ValueAxis">Name and unit of the colour scale; its ends are not used.</param>
internal sealed record Contours(ValueGrid Grid, IReadOnlyList<double> Levels, Axis ValueAxis) : Mark
{
    /// <summary>Fills the areas between the lines; on by default.</summary>
    public bool Filled { get; init; } = true;

    /// <summary>
    /// Levels in equal ratios that cover the positive values of a grid. Returns none if the grid has no positive value.
    /// </summary>
    public static IReadOnlyList<double> LogarithmicLevels(ValueGrid grid, int count = 12)
    {
        (double low, double high) = grid.Range(positiveOnly: true);
        if (!(low > 0))
        {
            return [];
        }

        // A hair inside both ends: the line through the lowest node itself would be a point.
        double first = Math.Log(low) + (0.5 / count * Math.Log(high / low));
        double step = Math.Log(high / low) / count;
        double[] levels = new double[count];
        for (int i = 0; i < count; i++)
        {
            levels[i] = Math.Exp(first + (i * step));
        }

        return high > low ? levels : [];
    }

    /// <summary>Levels in equal differences that cover the values of a grid. Returns none if the grid is constant or empty.</summary>
    public static IReadOnlyList<double> LinearLevels(ValueGrid grid, int count = 12)
    {
        (double low, double high) = grid.Range();
        if (!(high > low))
        {
            return [];
        }

        double[] levels = new double[count];
        for (int i = 0; i < count; i++)
        {
            levels[i] = low + ((i + 0.5) / count * (high - low));
        }

        return levels;
    }

    internal override Extent Extent(bool logarithmicX, bool logarithmicY) =>
        new(Grid.X[0], Grid.X[^1], Grid.Y[0], Grid.Y[^1]);
}
