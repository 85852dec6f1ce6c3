namespace Sagitta.Reports.Figures;

/// <summary>A line through points in their order, broken where a point cannot be drawn.</summary>
/// <param name="X">Abscissae.</param>
/// <param name="Y">Ordinates, as many.</param>
internal sealed record Curve(IReadOnlyList<double> X, IReadOnlyList<double> Y) : Mark
{
    /// <summary>Solid by default.</summary>
    public LineStyle Style { get; init; }

    /// <summary>Marks the first and the last point, as a trajectory needs.</summary>
    public bool ShowEnds { get; init; }

    internal override Extent Extent(bool logarithmicX, bool logarithmicY) => Figures.Extent.Of(X, Y, logarithmicX, logarithmicY);
}
