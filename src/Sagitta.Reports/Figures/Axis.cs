namespace Sagitta.Reports.Figures;

/// <summary>One axis of a panel. Labels may use <c>_{sub}</c> and <c>^{super}</c>.</summary>
/// <param name="Label">What is drawn along the axis.</param>
/// <param name="Unit">Its unit, shown in brackets; empty for pure numbers.</param>
internal sealed record Axis(string Label, string Unit = "")
{
    /// <summary>Linear by default.</summary>
    public AxisScale Scale { get; init; }

    /// <summary>Lower end; null takes it from the data.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end; null takes it from the data.</summary>
    public double? High { get; init; }

    /// <summary>Whether a linear range taken from the data must contain zero.</summary>
    public bool IncludeZero { get; init; }

    /// <summary>
    /// Names of discrete positions: value i is drawn at the i-th name. Empty for a numeric axis.
    /// </summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The label with its unit.</summary>
    public string Title => Unit.Length == 0 ? Label : $"{Label} [{Unit}]";
}
