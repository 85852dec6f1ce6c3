namespace Sagitta.Reports.Figures;

/// <summary>Values at the nodes of a rectangular grid.</summary>
internal sealed record ValueGrid
{
    /// <summary>Holds values row by row: the value at X[i], Y[j] is <c>values[j * x.Count + i]</c>; NaN marks a missing one.</summary>
    /// <param name="x">Ascending abscissae, two or more.</param>
    /// <param name="y">Ascending ordinates, two or more.</param>
    /// <param name="values">One per node.</param>
    public ValueGrid(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double> values)
    {
        if (x.Count < 2 || y.Count < 2 || values.Count != x.Count * y.Count)
        {
            throw new ArgumentException(
                $"A grid needs two or more x and y and a value for each pair, not {x.Count}, {y.Count} and {values.Count}.", nameof(
                values));
        }

        (X, Y, Values) = (x, y, values);
    }

    public IReadOnlyList<double> X { get; }
    public IReadOnlyList<double> Y { get; }
    public IReadOnlyList<double> Values { get; }

    /// <summary>The value at X[i], Y[j].</summary>
    public double this[int i, int j] => Values[(j * X.Count) + i];

    /// <summary>The smallest and the largest finite value; (NaN, NaN) if there is none.</summary>
    public (double Low, double High) Range(bool positiveOnly = false)
    {
        double[] values = [.. Values.Where(value => double.IsFinite(value) && (!positiveOnly || value > 0))];
        return values.Length > 0 ? (values.Min(), values.Max()) : (double.NaN, double.NaN);
    }
}

/// <summary>Values as colours, one cell around each node of the grid, with a colour scale beside the panel.</summary>
internal sealed record HeatMap(ValueGrid Grid, Axis ValueAxis) : Mark
{
    internal override Extent Extent(bool logarithmicX, bool logarithmicY)
    {
        double[] x = CellEdges(Grid.X);
        double[] y = CellEdges(Grid.Y);
        return new Extent(x[0], x[^1], y[0], y[^1]);
    }

    /// <summary>Borders of the cells: half-way between nodes, the outer ones as far out as the next are in.</summary>
    internal static double[] CellEdges(IReadOnlyList<double> nodes)
    {
        double[] edges = new double[nodes.Count + 1];
        for (int i = 1; i < nodes.Count; i++)
        {
            edges[i] = (nodes[i - 1] + nodes[i]) / 2;
        }

        edges[0] = nodes[0] - (edges[1] - nodes[0]);
        edges[^1] = nodes[^1] + (nodes[^1] - edges[^2]);
        return edges;
    }
}

/// <summary>Lines of equal value on a grid, with the areas between them filled by a colour scale unless that is switched off.</summary>
/// <param name="Grid">The values.</param>
/// <param name="Levels">Values of the lines, ascending.</param>
/// <param name="ValueAxis">Name and unit of the colour scale; its ends are not used.</param>
internal sealed record Contours(ValueGrid Grid, IReadOnlyList<double> Levels, Axis ValueAxis) : Mark
{
    public bool Filled { get; init; } = true;

    /// <summary>Levels in equal ratios that cover the positive values of a grid. Returns none if the grid has no positive value.</summary>
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
        return high > low ? [.. Enumerable.Range(0, count).Select(i => Math.Exp(first + (i * step)))] : [];
    }

    internal override Extent Extent(bool logarithmicX, bool logarithmicY) =>
        new(Grid.X[0], Grid.X[^1], Grid.Y[0], Grid.Y[^1]);
}
