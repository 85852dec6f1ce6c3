namespace Sagitta.Autodiff.Solvers;

/// <summary>Finds the solutions of a batch of items. Exact or iterative, one by one or in vector lanes: the adjoint does not
/// care.</summary>
internal interface IImplicitSolver<TProblem>
    where TProblem : struct, IImplicitProblem
{
    /// <summary>
    /// Solves every item: <paramref name="solutions"/> is items x unknowns, row-major, and receives finite numbers even for
    /// items that fail; <paramref name="statuses"/> says how each item ended.
    /// </summary>
    void Solve(in TProblem problem, ProblemInputs inputs, Span<double> solutions, Span<SolveStatus> statuses);
}
