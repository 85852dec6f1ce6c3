namespace Sagitta.Autodiff.Solvers;

/// <summary>A sparse assignment on its way: entries, prices of columns and the pairs so far.</summary>
/// <param name="rowOffsets">rows + 1 borders of the entries of each row.</param>
/// <param name="columnOfEntry">Column of each entry.</param>
/// <param name="rowOfEntry">Row of each entry.</param>
/// <param name="costs">Cost of each entry; positive infinity forbids it.</param>
/// <param name="price">Price of each column.</param>
/// <param name="rowOfColumn">Row that each column is paired with, or -1.</param>
/// <param name="entryOfRow">Entry that pairs each row, or -1.</param>
/// <param name="alone">Price of a row that stays alone.</param>
internal readonly ref struct SparseMatching(
    ReadOnlySpan<int> rowOffsets,
    ReadOnlySpan<int> columnOfEntry,
    ReadOnlySpan<int> rowOfEntry,
    ReadOnlySpan<double> costs,
    Span<double> price,
    Span<int> rowOfColumn,
    Span<int> entryOfRow,
    double alone)
{
    public readonly ReadOnlySpan<int> RowOffsets = rowOffsets;
    public readonly ReadOnlySpan<int> ColumnOfEntry = columnOfEntry;
    public readonly ReadOnlySpan<int> RowOfEntry = rowOfEntry;
    public readonly ReadOnlySpan<double> Costs = costs;
    public readonly Span<double> Price = price;
    public readonly Span<int> RowOfColumn = rowOfColumn;
    public readonly Span<int> EntryOfRow = entryOfRow;
    public readonly double Alone = alone;
}
