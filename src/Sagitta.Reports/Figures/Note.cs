namespace Sagitta.Reports.Figures;

/// <summary>Text at a place of the panel, to the right of and above the point. May use <c>_{sub}</c> and <c>^{super}</c>.</summary>
/// <param name="X">Abscissa.</param>
/// <param name="Y">Ordinate.</param>
/// <param name="Text">What it says.</param>
internal sealed record Note(double X, double Y, string Text) : Mark
{
    internal override Extent Extent(bool logarithmicX, bool logarithmicY) => Figures.Extent.Empty;
}
