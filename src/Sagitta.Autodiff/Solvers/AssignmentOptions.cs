namespace Sagitta.Autodiff.Solvers;

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
