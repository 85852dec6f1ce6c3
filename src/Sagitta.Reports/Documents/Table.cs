namespace Sagitta.Reports.Documents;

/// <summary>A table with its number and caption; a click on a header sorts it. A column with a number in any row is one of numbers, which
/// all get the same number of decimals; what is not finite is shown as a dash and sorts last. Texts have the inline notation of
/// <see cref="Paragraph"/>.</summary>
internal sealed record Table(IReadOnlyList<TableColumn> Columns, IReadOnlyList<IReadOnlyList<Metric>> Rows) : Block
{
    /// <summary>Empty for a table without number.</summary>
    public string Caption { get; init; } = "";
}

/// <summary>A column of a table; the unit of its numbers stands below the header.</summary>
internal sealed record TableColumn(string Header, string Unit = "")
{
    /// <summary>Decimals of all its numbers; null chooses them by the smallest uncertainty (two digits of it), or by the largest
    /// value.</summary>
    public int? Decimals { get; init; }
    /// <summary>What its values mean, shown where the reader points at the header.</summary>
    public string Meaning { get; init; } = "";

    public static implicit operator TableColumn(string header) => new(header);
}
