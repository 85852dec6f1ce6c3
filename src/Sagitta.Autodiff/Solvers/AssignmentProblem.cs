namespace Sagitta.Autodiff.Solvers;

/// <summary>
/// The allowed entries of an assignment, and the solver that works on them. Several independent blocks (pairs of layers,
/// frames) may lie in one problem. Serves one recorded step at a time: the backward solve starts from the forward prices.
/// </summary>
internal sealed class AssignmentProblem
{
    private int[] _rowOffsets = [0];
    private int[] _columnOfEntry = [];
    private bool[] _wanted = [];
    private int _rows;

    /// <summary>How to differentiate.</summary>
    public AssignmentOptions Options { get; set; } = new();

    /// <summary>Number of allowed entries.</summary>
    public int Entries { get; private set; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; private set; }

    /// <summary>Rows + 1 borders of the entries of each row.</summary>
    public ReadOnlySpan<int> RowOffsets => _rowOffsets.AsSpan(0, _rows + 1);

    /// <summary>Column of each entry.</summary>
    public ReadOnlySpan<int> ColumnOfEntry => _columnOfEntry.AsSpan(0, Entries);

    /// <summary>Whether each entry belongs to the wanted solution; empty when not given. Only a margin reads it.</summary>
    public ReadOnlySpan<bool> Wanted => _wanted;

    internal SparseAssignment Solver { get; } = new();

    internal double[] Costs { get; private set; } = [];

    internal int[] EntryOfRow { get; private set; } = [];

    /// <summary>Takes the allowed entries, row by row.</summary>
    public void Set(ReadOnlySpan<int> rowOffsets, ReadOnlySpan<int> columnOfEntry, int columns, ReadOnlySpan<bool> wanted = default)
    {
        if (rowOffsets.IsEmpty || rowOffsets[^1] != columnOfEntry.Length || (!wanted.IsEmpty && wanted.Length != columnOfEntry.Length))
        {
            throw new ArgumentException(
                "Row borders, columns and labels do not fit together: rows + 1 borders, the last equal to the number of entries.", nameof(
                rowOffsets));
        }

        _rows = rowOffsets.Length - 1;
        Entries = columnOfEntry.Length;
        Columns = columns;
        if (_rowOffsets.Length < rowOffsets.Length)
        {
            _rowOffsets = new int[rowOffsets.Length * 2];
            EntryOfRow = new int[rowOffsets.Length * 2];
        }

        if (_columnOfEntry.Length < Entries)
        {
            _columnOfEntry = new int[Entries * 2];
            Costs = new double[Entries * 2];
        }

        rowOffsets.CopyTo(_rowOffsets);
        columnOfEntry.CopyTo(_columnOfEntry);
        _wanted = wanted.ToArray();
    }
}
