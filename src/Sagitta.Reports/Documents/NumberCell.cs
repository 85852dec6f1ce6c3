namespace Sagitta.Reports.Documents;

/// <summary>
/// A number, alone, with a symmetric uncertainty, or with an interval. What is not finite is shown as a dash and sorts last. All
/// numbers of a column get the same number of decimals.
/// </summary>
/// <param name="Value">The number, in the unit that the column's header names.</param>
internal sealed record NumberCell(double Value) : Cell
{
    /// <summary>A number with its uncertainty.</summary>
    public NumberCell(double value, double uncertainty) : this(value) => Uncertainty = uncertainty;

    /// <summary>A number with an interval.</summary>
    public NumberCell(double value, double low, double high) : this(value) => (Low, High) = (low, high);

    /// <summary>Half length of the error bar; NaN for none.</summary>
    public double Uncertainty { get; init; } = double.NaN;

    /// <summary>Lower end of the interval; NaN for none.</summary>
    public double Low { get; init; } = double.NaN;

    /// <summary>Upper end of the interval; NaN for none.</summary>
    public double High { get; init; } = double.NaN;
}
