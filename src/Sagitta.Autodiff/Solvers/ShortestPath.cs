namespace Sagitta.Autodiff.Solvers;

/// <summary>
/// Shortest augmenting paths of a sparse assignment: Dijkstra's search over reduced costs from a free row to the nearest free column, or to
/// a row that had better stay alone. Keeps its memory from path to path; not thread-safe.
/// </summary>
internal sealed class ShortestPath
{
    private double[] _distance = [];
    private int[] _arrivedBy = [];
    private int[] _settled = [];
    private double[] _settledDistance = [];
    private int[] _touched = [];
    private readonly ColumnHeap _heap = new();

    /// <summary>Rows looked through so far.</summary>
    public long RowScans { get; private set; }

    /// <summary>Makes room for so many columns.</summary>
    public void Reserve(int columns)
    {
        if (_distance.Length < columns)
        {
            _distance = new double[columns * 2];
            _distance.AsSpan().Fill(double.PositiveInfinity);
            _arrivedBy = new int[columns * 2];
            _settled = new int[columns * 2];
            _settledDistance = new double[columns * 2];
            _touched = new int[columns * 2];
        }
    }

    /// <summary>Pairs a free row along the shortest path, which may end with some row alone, and moves the prices.</summary>
    public void Augment(in SparseMatching matching, int start)
    {
        ReadOnlySpan<int> rowOffsets = matching.RowOffsets;
        ReadOnlySpan<int> columnOfEntry = matching.ColumnOfEntry;
        ReadOnlySpan<double> costs = matching.Costs;
        Span<double> price = matching.Price;
        Span<int> rowOfColumn = matching.RowOfColumn;
        Span<int> entryOfRow = matching.EntryOfRow;
        _heap.Clear();
        int touched = 0;
        int settled = 0;
        int row = start;
        double offset = 0;
        double aloneDistance = double.PositiveInfinity;
        int aloneRow = -1;
        double distance;
        int sink = -1;
        while (true)
        {
            RowScans++;
            if (offset + matching.Alone < aloneDistance)
            {
                aloneDistance = offset + matching.Alone;
                aloneRow = row;
            }

            for (int e = rowOffsets[row]; e < rowOffsets[row + 1]; e++)
            {
                int column = columnOfEntry[e];
                double value = costs[e] - price[column] + offset;
                if (value < _distance[column])
                {
                    if (double.IsPositiveInfinity(_distance[column]))
                    {
                        _touched[touched++] = column;
                    }

                    _distance[column] = value;
                    _arrivedBy[column] = e;
                    _heap.Push(value, column);
                }
            }

            bool found = _heap.Pop(_distance, out distance, out int nearest);
            if (!found || distance >= aloneDistance)
            {
                distance = aloneDistance;
                break;
            }

            if (rowOfColumn[nearest] < 0)
            {
                sink = nearest;
                break;
            }

            // Settled for good: rounding must not bring it back.
            _settled[settled] = nearest;
            _settledDistance[settled++] = distance;
            _distance[nearest] = double.NegativeInfinity;
            row = rowOfColumn[nearest];
            offset = distance - (costs[entryOfRow[row]] - price[nearest]);
        }

        for (int k = 0; k < settled; k++)
        {
            int column = _settled[k];
            price[column] += _settledDistance[k] - distance;
        }

        for (int k = 0; k < touched; k++)
        {
            _distance[_touched[k]] = double.PositiveInfinity;
        }

        int next = sink;
        if (sink < 0)
        {
            // The row at the path's end gives up its column and stays alone from here on.
            int given = entryOfRow[aloneRow];
            entryOfRow[aloneRow] = -1;
            next = given < 0 ? -1 : columnOfEntry[given];
        }

        while (next >= 0)
        {
            int entry = _arrivedBy[next];
            int i = matching.RowOfEntry[entry];
            int given = entryOfRow[i];
            entryOfRow[i] = entry;
            rowOfColumn[next] = i;
            next = given < 0 ? -1 : columnOfEntry[given];
        }
    }
}
