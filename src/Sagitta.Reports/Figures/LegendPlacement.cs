namespace Sagitta.Reports.Figures;

/// <summary>Where a panel's legend goes.</summary>
internal enum LegendPlacement
{
    /// <summary>In rows above the panel, where it can hide no data.</summary>
    Above,

    /// <summary>Inside, upper right.</summary>
    TopRight,

    /// <summary>Inside, upper left.</summary>
    TopLeft,

    /// <summary>Inside, lower right.</summary>
    BottomRight,

    /// <summary>Inside, lower left.</summary>
    BottomLeft,

    /// <summary>No legend.</summary>
    None,
}
