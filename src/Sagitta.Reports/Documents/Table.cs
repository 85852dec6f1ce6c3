namespace Sagitta.Reports.Documents;

/// <summary>A table with its number and caption; a click on a header sorts it.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">Rows of as many cells as there are columns.</param>
internal sealed record Table(IReadOnlyList<TableColumn> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows) : Block
{
    /// <summary>With the inline notation of <see cref="Paragraph"/>; empty for a table without number.</summary>
    public string Caption { get; init; } = "";
}
