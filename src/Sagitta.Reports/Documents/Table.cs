namespace Sagitta.Reports.Documents;

/// <summary>A table with its number and caption; a click on a header sorts it.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">Rows of as many cells as there are columns.</param>
internal sealed record Table(IReadOnlyList<TableColumn> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows) : Block
{
    /// <summary>With the inline notation of <see cref="Paragraph"/>; empty for a table without number.</summary>
    public string Caption { get; init; } = "";
}

/// <summary>A column of a table.</summary>
/// <param name="Header">With the inline notation of <see cref="Paragraph"/>.</param>
/// <param name="Unit">Unit of its numbers, shown below the header.</param>
internal sealed record TableColumn(string Header, string Unit = "")
{
    /// <summary>Decimals of all its numbers; null chooses them by the smallest uncertainty (two digits of it), or by the largest
    /// value.</summary>
    public int? Decimals { get; init; }
    /// <summary>What its values mean, shown where the reader points at the header.</summary>
    public string Meaning { get; init; } = "";

    /// <summary>A header alone.</summary>
    public static implicit operator TableColumn(string header) => new(header);
}

/// <summary>A cell of a table: a text or a number.</summary>
internal abstract record Cell
{
    /// <summary>A text as a cell.</summary>
    public static implicit operator Cell(string text) => new TextCell(text);

    /// <summary>A number as a cell.</summary>
    public static implicit operator Cell(double value) => new NumberCell(value);
}

/// <summary>A text, with the inline notation of <see cref="Paragraph"/>.</summary>
/// <param name="Text">What it says.</param>
internal sealed record TextCell(string Text) : Cell;

/// <summary>A number, alone, with a symmetric uncertainty, or with an interval. What is not finite is shown as a dash and sorts last. All
/// numbers of a column get the same number of decimals.</summary>
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
