using System.Numerics;

namespace Sagitta.Autodiff.Solvers;

/// <summary>
/// Exact rectangular linear assignment on a dense cost matrix: the largest possible number of pairs first, then the smallest
/// sum of costs. Column reduction, reduction transfer and augmenting row reduction start it (Jonker, Volgenant, Computing
/// 38, 1987); shortest augmenting paths finish it. Arithmetic is in double. Keeps its memory from problem to problem; not thread-safe.
/// </summary>
internal sealed unsafe class DenseAssignment : IDisposable
{
    private AlignedBuffer<double> _costs = new(0);
    private AlignedBuffer<double> _work = new(0);
    private int[] _rowOfColumn = [];
    private int[] _columnOfRow = [];
    private int[] _rows = [];
    private int[] _scanned = [];
    private int _stride;
    private double* _cost;
    private double* _price;
    private double* _shift;
    private double* _distance;
    private double* _predecessor;
    private double* _settled;

    /// <summary>Rows looked through for their best columns so far: what the work grows with.</summary>
    public long RowScans { get; private set; }

    /// <summary>Solves one problem. Entries of positive infinity (or NaN) are forbidden; negative infinity is an error.</summary>
    /// <param name="costs">rows x columns costs, row by row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="columnOfRow">Receives the column of each row, or -1 where it stays alone.</param>
    public AssignmentOutcome Solve<T>(ReadOnlySpan<T> costs, int rows, int columns, Span<int> columnOfRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (costs.Length != rows * columns || columnOfRow.Length != rows)
        {
            throw new ArgumentException($"{costs.Length} costs and {columnOfRow.Length} places do not fit {rows} x {columns}.",
                nameof(costs));
        }

        if (costs.IsEmpty)
        {
            columnOfRow.Fill(-1);
            return default;
        }

        bool transposed = rows > columns;
        int n = Math.Min(rows, columns);
        int m = Math.Max(rows, columns);
        Reserve(n, m);
        double forbidden = DenseCosts.Load(costs, columns, n, m, transposed, _cost, _stride);
        Match(n, m);
        return Report(costs, columns, n, transposed, forbidden, columnOfRow);
    }

    public void Dispose()
    {
        _costs.Dispose();
        _work.Dispose();
    }

    private void Reserve(int n, int m)
    {
        _stride = (m + DenseCosts.Lanes - 1) / DenseCosts.Lanes * DenseCosts.Lanes;
        if (_costs.Length < n * _stride)
        {
            _costs.Dispose();
            _costs = new(n * _stride * 3 / 2);
        }

        if (_work.Length < 5 * _stride)
        {
            _work.Dispose();
            _work = new(5 * _stride * 2);
        }

        if (_rowOfColumn.Length < _stride)
        {
            _rowOfColumn = new int[_stride * 2];
            _columnOfRow = new int[_stride * 2];
            _rows = new int[_stride * 2];
            _scanned = new int[_stride * 2];
        }

        _cost = _costs.Pointer;
        _price = _work.Pointer;
        _shift = _price + _stride;
        _distance = _shift + _stride;
        _predecessor = _distance + _stride;
        _settled = _predecessor + _stride;
    }

    private void Match(int n, int m)
    {
        Span<int> rowOf = _rowOfColumn.AsSpan(0, m);
        Span<int> columnOf = _columnOfRow.AsSpan(0, n);
        Span<int> free = _rows.AsSpan(0, n);
        rowOf.Fill(-1);
        columnOf.Fill(-1);
        int count;
        if (n == m)
        {
            count = ReduceColumns(n, rowOf, columnOf, free);
        }
        else
        {
            // With free columns left over, their prices must stay at the highest value of all, zero.
            new Span<double>(_price, _stride).Clear();
            count = n;
            for (int i = 0; i < n; i++)
            {
                free[i] = i;
            }
        }

        for (int round = 0; round < 2 && count > 0; round++)
        {
            count = ReduceRows(count, rowOf, columnOf, free);
        }

        for (int k = 0; k < count; k++)
        {
            Augment(free[k], rowOf, columnOf);
        }
    }

    private int ReduceColumns(int n, Span<int> rowOf, Span<int> columnOf, Span<int> free)
    {
        AssignmentScan.ColumnMinima(_cost, n, _stride, _price, _predecessor);
        Span<int> wins = _scanned.AsSpan(0, n);
        wins.Clear();
        for (int j = n - 1; j >= 0; j--)
        {
            int i = (int)_predecessor[j];
            if (++wins[i] == 1)
            {
                columnOf[i] = j;
                rowOf[j] = i;
            }
        }

        int count = 0;
        for (int i = 0; i < n; i++)
        {
            if (wins[i] == 0)
            {
                free[count++] = i;
            }
            else if (wins[i] == 1)
            {
                // Reduction transfer: the price falls as far as the row's second choice allows.
                int j = columnOf[i];
                double own = _price[j];
                _price[j] = double.NegativeInfinity;
                double second = AssignmentScan.Smallest(_cost + ((long)i * _stride), _price, _stride);
                _price[j] = second < double.PositiveInfinity ? own - (second - (_cost[((long)i * _stride) + j] - own)) : own;
            }
        }

        return count;
    }

    // Each free row takes its best column and lowers that column's price to where its second choice is as good. The number
    // of steps is bounded: nearly equal costs can make rows underbid each other for long, which paths settle at once.
    private int ReduceRows(int count, Span<int> rowOf, Span<int> columnOf, Span<int> free)
    {
        int kept = 0;
        int steps = columnOf.Length / 4;
        int k = 0;
        while (k < count)
        {
            int i = free[k++];
            RowScans++;
            double* row = _cost + ((long)i * _stride);
            AssignmentScan.TwoSmallest(row, _price, _stride, out double first, out double second, out int j);
            double lowered = _price[j] - (second - first);
            int previous = rowOf[j];
            bool lowers = lowered < _price[j] && second < double.PositiveInfinity;
            if (lowers)
            {
                _price[j] = lowered;
            }
            else if (previous >= 0 && AssignmentScan.OtherAt(row, _price, _stride, first, j, out int other))
            {
                j = other;
                previous = rowOf[j];
            }

            columnOf[i] = j;
            rowOf[j] = i;
            if (previous >= 0)
            {
                columnOf[previous] = -1;
                if (lowers && --steps > 0)
                {
                    free[--k] = previous;
                }
                else
                {
                    free[kept++] = previous;
                }
            }
        }

        return kept;
    }

    // Dijkstra over reduced costs. A settled column's shift is minus infinity, which takes it out of every later scan.
    private void Augment(int start, Span<int> rowOf, Span<int> columnOf)
    {
        Buffer.MemoryCopy(_price, _shift, _stride * sizeof(double), _stride * sizeof(double));
        new Span<double>(_distance, _stride).Fill(double.PositiveInfinity);
        int settled = 0;
        int row = start;
        double offset = 0;
        double distance;
        int column;
        while (true)
        {
            RowScans++;
            AssignmentScan.Relax(_cost + ((long)row * _stride), _shift, _distance, _predecessor, _stride, offset, row, out distance,
                out column);
            int next = rowOf[column];
            if (next < 0)
            {
                break;
            }

            _scanned[settled++] = column;
            _settled[column] = distance;
            _distance[column] = double.PositiveInfinity;
            _shift[column] = double.NegativeInfinity;
            offset = distance - (_cost[((long)next * _stride) + column] - _price[column]);
            row = next;
        }

        for (int k = 0; k < settled; k++)
        {
            int j = _scanned[k];
            _price[j] += _settled[j] - distance;
        }

        int i;
        do
        {
            i = (int)_predecessor[column];
            rowOf[column] = i;
            (columnOf[i], column) = (column, columnOf[i]);
        }
        while (i != start);
    }

    private AssignmentOutcome Report<T>(ReadOnlySpan<T> costs, int columns, int n, bool transposed, double forbidden, Span<int> columnOfRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        columnOfRow.Fill(-1);
        int cardinality = 0;
        double total = 0;
        for (int i = 0; i < n; i++)
        {
            int j = _columnOfRow[i];
            if (_cost[((long)i * _stride) + j] >= forbidden)
            {
                continue;
            }

            (int row, int column) = transposed ? (j, i) : (i, j);
            columnOfRow[row] = column;
            total += double.CreateTruncating(costs[(row * columns) + column]);
            cardinality++;
        }

        return new(cardinality, total);
    }
}
