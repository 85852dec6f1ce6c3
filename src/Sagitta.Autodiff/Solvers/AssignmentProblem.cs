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

/// <summary>
/// How an assignment is differentiated: by solving again at costs moved along the incoming gradient (Vlastelica et al., ICLR 2020,
/// arXiv:1912.02175, algorithm 1).
/// </summary>
internal sealed record AssignmentOptions
{
    /// <summary>Interpolation factor: costs move by lambda times the gradient. Larger sees farther and averages over more.</summary>
    public double Lambda { get; init; } = 25;

    /// <summary>
    /// When above zero, lambda is chosen anew in each backward pass so that the cost that changes most changes by this much.
    /// The reach then does not depend on how a loss is scaled (batch size, number of segments).
    /// </summary>
    public double LargestChange { get; init; }

    /// <summary>Whether the difference of the two solutions is divided by lambda, as the method's derivation has it.</summary>
    public bool DivideByLambda { get; init; } = true;

    /// <summary>Whether moved costs are cut off at zero. This makes ties; it is here to compare with code that does it.</summary>
    public bool ClipAtZero { get; init; }

    /// <summary>
    /// Added half to the costs of wanted entries and taken half from all others before solving, so that a solution must be right
    /// by this much (Rolinek et al., CVPR 2020, arXiv:1912.03500). Needs labels.
    /// </summary>
    public double Margin { get; init; }

    /// <summary>Price of a row that stays alone, see <see cref="SparseAssignment.AlonePrice"/>.</summary>
    public double AlonePrice { get; init; } = double.PositiveInfinity;

    /// <summary>The convention of the published calorimeter tracking code: no division by lambda, clipped at zero, no margin.</summary>
    public static AssignmentOptions Published(double lambda) => new() { Lambda = lambda, DivideByLambda = false, ClipAtZero = true };
}

/// <summary>What a linear assignment came to.</summary>
/// <param name="Cardinality">Number of matched pairs, the largest that the allowed entries permit.</param>
/// <param name="Cost">Sum of the costs of the matched pairs, the smallest at that cardinality.</param>
public readonly record struct AssignmentOutcome(int Cardinality, double Cost);
