namespace Sagitta.Reports.Figures;

/// <summary>Values as colours, one cell around each node of the grid, with a colour scale beside the panel.</summary>
/// <param name="Grid">The values.</param>
/// <param name="ValueAxis">Name, unit, scale and ends of the colour scale.</param>
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
