namespace Sagitta.Experiments.Reports.Figures;

/// <summary>How values are laid out along an axis.</summary>
public enum AxisScale
{
    /// <summary>Equal differences have equal lengths.</summary>
    Linear,

    /// <summary>Equal ratios have equal lengths; values that are not positive are not drawn.</summary>
    Logarithmic,
}
