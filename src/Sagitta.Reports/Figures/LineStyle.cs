namespace Sagitta.Reports.Figures;

/// <summary>How a line is drawn.</summary>
internal enum LineStyle
{
    /// <summary>Continuous.</summary>
    Solid,

    /// <summary>Dashes.</summary>
    Dashed,

    /// <summary>Dots.</summary>
    Dotted,

    /// <summary>Dashes and dots in turn.</summary>
    DashDotted,
}
