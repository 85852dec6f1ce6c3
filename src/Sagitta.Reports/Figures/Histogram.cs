namespace Sagitta.Reports.Figures;

/// <summary>Contents of bins, drawn as steps.</summary>
/// <param name="Edges">Borders of the bins, ascending, one more than contents.</param>
/// <param name="Contents">Heights.</param>
internal sealed record Histogram(IReadOnlyList<double> Edges, IReadOnlyList<double> Contents) : Mark
{
    /// <summary>Error bars at the bins' centres (half lengths); empty for none.</summary>
    public IReadOnlyList<double> Errors { get; init; } = [];

    /// <summary>Fills the area below with a light tint.</summary>
    public bool Filled { get; init; }

    /// <summary>Solid by default.</summary>
    public LineStyle Style { get; init; }

    internal override Extent Extent(bool logarithmicX, bool logarithmicY)
    {
        if (Edges.Count != Contents.Count + 1)
        {
            throw new ArgumentException($"{Contents.Count} bins need {Contents.Count + 1} edges, not {Edges.Count}.");
        }

        Extent extent = Figures.Extent.Empty;
        if (!logarithmicY)
        {
            extent = extent.WithY(0, false);
        }

        foreach (double edge in Edges)
        {
            extent = extent.WithX(edge, logarithmicX);
        }

        for (int i = 0; i < Contents.Count; i++)
        {
            double error = Errors.Count == 0 ? 0 : Errors[i];
            extent = extent.WithY(Contents[i], logarithmicY).WithY(Contents[i] + error, logarithmicY);
        }

        return extent;
    }
}
