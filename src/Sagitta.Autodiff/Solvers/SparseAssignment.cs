using System.Numerics;

namespace Sagitta.Autodiff.Solvers;

/// <summary>
/// Exact linear assignment on the allowed entries only: the largest possible number of pairs first, then the smallest sum of
/// costs. Row reduction, then shortest augmenting paths with a heap (the sparse form of Jonker and Volgenant, Computing
/// 38, 1987); a row may instead end alone, at a price above any rearrangement of allowed entries. Independent blocks may
/// lie in one problem: paths never leave the block they start in. Arithmetic is in double. Column prices stay from one
/// solve to the next for warm starts. Not thread-safe.
/// </summary>
internal sealed class SparseAssignment
{
    private double[] _costs = [];
    private double[] _price = [];
    private int[] _rowOfColumn = [];
    private int[] _entryOfRow = [];
    private int[] _rowOfEntry = [];
    private int[] _free = [];
    private readonly ShortestPath _path = new();
    private int _rows = -1;
    private int _columns = -1;
    private double _alone;
    private long _reductions;

    /// <summary>
    /// Price of a row that stays alone. By default infinite: a row stays alone only where no larger number of pairs is possible. At a
    /// finite price the sum of costs and prices is smallest, whatever the number of pairs.
    /// </summary>
    public double AlonePrice { get; set; } = double.PositiveInfinity;

    /// <summary>Rows looked through for their best columns so far, those of checks before warm starts left out: what the work grows
    /// with.</summary>
    public long RowScans => _reductions + _path.RowScans;

    /// <summary>Solves from scratch.</summary>
    /// <param name="rowOffsets">rows + 1 borders of the entries of each row.</param>
    /// <param name="columnOfEntry">Column of each entry; no column twice in one row.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="costs">Cost of each entry, finite; positive infinity or NaN forbids the entry.</param>
    /// <param name="entryOfRow">Receives the chosen entry of each row, or -1 where it stays alone.</param>
    public AssignmentOutcome Solve<T>(ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOfEntry, int columns, ReadOnlySpan<T> costs,
        Span<int> entryOfRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Load(rowOffsets, columnOfEntry, columns, costs, entryOfRow);
        int rows = rowOffsets.Length - 1;
        _price.AsSpan(0, columns).Clear();
        _rowOfColumn.AsSpan(0, columns).Fill(-1);
        _entryOfRow.AsSpan(0, rows).Fill(-1);
        for (int i = 0; i < rows; i++)
        {
            _free[i] = i;
        }

        return Finish(rowOffsets, columnOfEntry, rows, entryOfRow);
    }

    /// <summary>
    /// Solves a problem on the same entries as the one before with other costs, starting from its prices and pairs: pairs that
    /// the new costs leave in place are kept.
    /// </summary>
    public AssignmentOutcome SolveAgain<T>(ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOfEntry, int columns,
        ReadOnlySpan<T> costs, Span<int> entryOfRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = rowOffsets.Length - 1;
        if (rows != _rows || columns != _columns)
        {
            throw new InvalidOperationException("A warm start needs a solved problem of the same shape: call Solve first.");
        }

        Load(rowOffsets, columnOfEntry, columns, costs, entryOfRow);
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int i = 0; i < rows; i++)
            {
                int entry = _entryOfRow[i];
                if (entry < 0)
                {
                    continue;
                }

                int own = columnOfEntry[entry];
                double reduced = _costs[entry] - _price[own];
                double least = _alone;
                for (int e = rowOffsets[i]; e < rowOffsets[i + 1]; e++)
                {
                    least = Math.Min(least, _costs[e] - _price[columnOfEntry[e]]);
                }

                if (!(reduced <= least))
                {
                    // A column without a row must be as dear as any, at zero; other rows may now want it.
                    _entryOfRow[i] = -1;
                    _rowOfColumn[own] = -1;
                    changed |= _price[own] != 0;
                    _price[own] = 0;
                }
            }
        }

        // Columns that stayed alone have price zero already; columns of rows that keep their pair keep their price.
        int count = 0;
        for (int i = 0; i < rows; i++)
        {
            if (_entryOfRow[i] < 0)
            {
                _free[count++] = i;
            }
        }

        return Finish(rowOffsets, columnOfEntry, count, entryOfRow);
    }

    private void Load<T>(ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOfEntry, int columns, ReadOnlySpan<T> costs,
        Span<int> entryOfRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = rowOffsets.Length - 1;
        if (rows < 0 || entryOfRow.Length != rows || costs.Length != columnOfEntry.Length || rowOffsets[rows] != costs.Length)
        {
            throw new ArgumentException(
                "Row borders, columns, costs and results do not fit together: rows + 1 borders, the last equal to the number of entries.",
                nameof(costs));
        }

        _rows = rows;
        _columns = columns;
        Grow(ref _costs, costs.Length);
        Grow(ref _rowOfEntry, costs.Length);
        Grow(ref _price, columns);
        Grow(ref _rowOfColumn, columns);
        Grow(ref _entryOfRow, rows);
        Grow(ref _free, rows);
        _path.Reserve(columns);

        double largest = 0;
        for (int e = 0; e < costs.Length; e++)
        {
            double cost = double.CreateTruncating(costs[e]);
            if (double.IsNegativeInfinity(cost))
            {
                throw new ArgumentException("A cost is negative infinity: only positive infinity has a meaning, a forbidden entry.",
                    nameof(costs));
            }

            bool finite = double.IsFinite(cost);
            _costs[e] = finite ? cost : double.PositiveInfinity;
            largest = finite ? Math.Max(largest, Math.Abs(cost)) : largest;
        }

        for (int i = 0; i < rows; i++)
        {
            _rowOfEntry.AsSpan(rowOffsets[i], rowOffsets[i + 1] - rowOffsets[i]).Fill(i);
        }

        _alone = Math.Min(AlonePrice, (((2.0 * Math.Min(rows, columns)) + 1) * largest) + 1);
    }

    private AssignmentOutcome Finish(ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOfEntry, int count, Span<int> entryOfRow)
    {
        for (int round = 0; round < 2 && count > 0; round++)
        {
            count = ReduceRows(rowOffsets, columnOfEntry, count);
        }

        SparseMatching matching = new(rowOffsets, columnOfEntry, _rowOfEntry, _costs, _price, _rowOfColumn, _entryOfRow, _alone);
        for (int k = 0; k < count; k++)
        {
            _path.Augment(matching, _free[k]);
        }

        int cardinality = 0;
        double total = 0;
        for (int i = 0; i < entryOfRow.Length; i++)
        {
            int entry = _entryOfRow[i];
            entryOfRow[i] = entry;
            if (entry >= 0)
            {
                cardinality++;
                total += _costs[entry];
            }
        }

        return new(cardinality, total);
    }

    // Each free row takes its best column and lowers that column's price to where its second choice, or staying alone, is
    // as good. Bounded in steps, as in the dense form: rows can underbid each other for long by tiny amounts, which paths settle at once.
    private int ReduceRows(ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOfEntry, int count)
    {
        int kept = 0;
        int steps = _rows / 4;
        int k = 0;
        while (k < count)
        {
            int i = _free[k++];
            _reductions++;
            double first = double.PositiveInfinity;
            double second = _alone;
            int best = -1;
            for (int e = rowOffsets[i]; e < rowOffsets[i + 1]; e++)
            {
                double value = _costs[e] - _price[columnOfEntry[e]];
                if (value < first)
                {
                    second = Math.Min(second, first);
                    first = value;
                    best = e;
                }
                else if (value < second)
                {
                    second = value;
                }
            }

            if (first >= _alone)
            {
                continue;
            }

            int column = columnOfEntry[best];
            int previous = _rowOfColumn[column];
            double lowered = _price[column] - (second - first);
            bool lowers = lowered < _price[column];
            if (previous >= 0 && !lowers)
            {
                // Equally good elsewhere: leave it to a path, which finds out where.
                _free[kept++] = i;
                continue;
            }

            _price[column] = Math.Min(lowered, _price[column]);
            _entryOfRow[i] = best;
            _rowOfColumn[column] = i;
            if (previous >= 0)
            {
                _entryOfRow[previous] = -1;
                if (--steps > 0)
                {
                    _free[--k] = previous;
                }
                else
                {
                    _free[kept++] = previous;
                }
            }
        }

        return kept;
    }

    private static void Grow<TItem>(ref TItem[] array, int length)
    {
        if (array.Length < length)
        {
            array = new TItem[length * 2];
        }
    }
}

/// <summary>A sparse assignment on its way: entries, prices of columns and the pairs so far.</summary>
/// <param name="rowOffsets">rows + 1 borders of the entries of each row.</param>
/// <param name="columnOfEntry">Column of each entry.</param>
/// <param name="rowOfEntry">Row of each entry.</param>
/// <param name="costs">Cost of each entry; positive infinity forbids it.</param>
/// <param name="price">Price of each column.</param>
/// <param name="rowOfColumn">Row that each column is paired with, or -1.</param>
/// <param name="entryOfRow">Entry that pairs each row, or -1.</param>
/// <param name="alone">Price of a row that stays alone.</param>
internal readonly ref struct SparseMatching(ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOfEntry, ReadOnlySpan<int> rowOfEntry,
    ReadOnlySpan<double> costs, Span<double> price, Span<int> rowOfColumn, Span<int> entryOfRow, double alone)
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
