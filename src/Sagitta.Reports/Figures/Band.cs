namespace Sagitta.Reports.Figures;

/// <summary>The area between two lines, such as an uncertainty.</summary>
/// <param name="X">Abscissae, ascending.</param>
/// <param name="Low">Lower line.</param>
/// <param name="High">Upper line.</param>
internal sealed record Band(IReadOnlyList<double> X, IReadOnlyList<double> Low, IReadOnlyList<double> High) : Mark
{
    internal override Extent Extent(bool logarithmicX, bool logarithmicY) =>
        Figures.Extent.Of(X, Low, logarithmicX, logarithmicY).Union(Figures.Extent.Of(X, High, logarithmicX, logarithmicY));
}
