namespace Sagitta.Reports.Figures;

/// <summary>How values are laid out along an axis.</summary>
internal enum AxisScale
{
    /// <summary>Equal differences have equal lengths.</summary>
    Linear,

    /// <summary>Equal ratios have equal lengths; values that are not positive are not drawn.</summary>
    Logarithmic,
}
