namespace Sagitta.Autodiff.Solvers;

/// <summary>
/// The implicit function theorem at a minimum: from dS/dx(x*(u), u) = 0 follows dx*/du = -H^-1 d2S/dx du, so for a gradient g on x* one
/// solve H v = g with the exact Hessian gives the gradient -(d2S/dx du)^T v on every input.
/// </summary>
/// <param name="SingularPivot">Items whose Hessian has a smaller relative pivot contribute nothing.</param>
internal sealed record MinimisationAdjoint<TProblem>(double SingularPivot = 1e-14) : IImplicitAdjoint<TProblem>
    where TProblem : struct, IMinimisationProblem
{
    /// <inheritdoc />
    public void PullBack(
        in TProblem problem,
        ProblemInputs inputs,
        ReadOnlySpan<double> solutions,
        ReadOnlySpan<SolveStatus> statuses,
        ReadOnlySpan<double> upstream,
        ProblemGradients gradients)
    {
        int n = problem.Unknowns;
        Span<double> hessian = stackalloc double[n * n];
        Span<double> gradient = stackalloc double[n];
        Span<double> direction = stackalloc double[n];
        for (int item = 0; item < problem.Items; item++)
        {
            if (statuses[item] != SolveStatus.Converged)
            {
                continue;
            }

            ReadOnlySpan<double> solution = solutions.Slice(item * n, n);
            problem.Evaluate(item, inputs, solution, gradient, hessian);
            if (SymmetricSystem.TryFactor(hessian, n, SingularPivot))
            {
                upstream.Slice(item * n, n).CopyTo(direction);
                SymmetricSystem.SolveFactored(hessian, n, direction);
                problem.PullBack(item, inputs, solution, direction, gradients);
            }
        }
    }
}
