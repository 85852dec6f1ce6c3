namespace Sagitta.Autodiff.Solvers;

/// <summary>Solves the items of a minimisation one by one with <see cref="LevenbergMarquardt"/>.</summary>
/// <param name="Method">The method and its tolerances.</param>
internal sealed record MinimisationSolver<TProblem>(LevenbergMarquardt Method) : IImplicitSolver<TProblem>
    where TProblem : struct, IMinimisationProblem
{
    /// <inheritdoc />
    public void Solve(in TProblem problem, ProblemInputs inputs, Span<double> solutions, Span<SolveStatus> statuses)
    {
        int n = problem.Unknowns;
        for (int item = 0; item < problem.Items; item++)
        {
            statuses[item] = Method.Solve(problem, item, inputs, solutions.Slice(item * n, n));
        }
    }
}
