namespace Sagitta.Reports.Documents;

/// <summary>Numbers as a column of a table shows them.</summary>
internal static class NumberFormat
{
    private const char FigureSpace = '\u2007';

    /// <summary>
    /// Decimals that show two digits of the smallest uncertainty of a column; without uncertainties four digits of its largest value, and
    /// none if all its values are whole numbers.
    /// </summary>
    public static int Decimals(IReadOnlyList<NumberCell> cells)
    {
        double smallest = double.PositiveInfinity;
        double largest = 0;
        bool whole = true;
        foreach (NumberCell cell in cells)
        {
            double uncertainty = double.IsNaN(cell.Uncertainty) ? (cell.High - cell.Low) / 2 : cell.Uncertainty;
            if (uncertainty > 0 && double.IsFinite(uncertainty))
            {
                smallest = Math.Min(smallest, uncertainty);
            }

            if (double.IsFinite(cell.Value))
            {
                largest = Math.Max(largest, Math.Abs(cell.Value));
                whole &= cell.Value == Math.Truncate(cell.Value);
            }
        }

        if (double.IsFinite(smallest))
        {
            return Math.Clamp(1 - (int)Math.Floor(Math.Log10(smallest)), 0, 6);
        }

        return whole || largest == 0 ? 0 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(largest)), 0, 6);
    }

    /// <summary>One number; a dash if it is not finite.</summary>
    public static string Text(double value, int decimals)
    {
        if (!double.IsFinite(value))
        {
            return "–";
        }

        string text = value.ToString((Math.Abs(value) >= 10000 ? "N" : "F") + decimals.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture);
        bool zero = text.AsSpan().IndexOfAnyInRange('1', '9') < 0;
        return text.Replace(",", "\u202F", StringComparison.Ordinal).Replace("-", zero ? "" : "−", StringComparison.Ordinal);
    }

    /// <summary>The whole cell: number, and uncertainty or interval, padded to the given widths so that columns of digits line
    /// up.</summary>
    public static string Text(NumberCell cell, int decimals, int uncertaintyWidth, int endWidth)
    {
        string value = Text(cell.Value, decimals);
        if (!double.IsFinite(cell.Value))
        {
            return value;
        }

        if (!double.IsNaN(cell.Uncertainty))
        {
            return value + " ± " + Text(cell.Uncertainty, decimals).PadLeft(uncertaintyWidth, FigureSpace);
        }

        return double.IsNaN(cell.Low) || double.IsNaN(cell.High)
            ? value
            : $"{value} [{Text(cell.Low, decimals).PadLeft(endWidth, FigureSpace)}, "
                + $"{Text(cell.High, decimals).PadLeft(endWidth, FigureSpace)}]";
    }
}
