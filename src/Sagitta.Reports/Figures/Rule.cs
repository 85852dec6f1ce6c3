namespace Sagitta.Reports.Figures;

/// <summary>A straight line across the panel at one value, for a bound or a reference. It does not widen an axis by itself.</summary>
/// <param name="Value">Where it is.</param>
/// <param name="Vertical">Whether the value is one of x.</param>
internal sealed record Rule(double Value, bool Vertical = false) : Mark
{
    /// <summary>Dashed by default.</summary>
    public LineStyle Style { get; init; } = LineStyle.Dashed;

    internal override Extent Extent(bool logarithmicX, bool logarithmicY) => Figures.Extent.Empty;
}
