namespace Sagitta.Autodiff.Solvers;

/// <summary>Items whose solution minimises a twice differentiable function S(solution; inputs).</summary>
internal interface IMinimisationProblem : IImplicitProblem
{
    /// <summary>
    /// Writes where the descent begins, or says why it cannot. Where S has one minimum the start decides the number of steps only;
    /// where it has several (robust losses), it decides which one is found, and the gradient is that of the one found.
    /// </summary>
    SolveStatus Start(int item, ProblemInputs inputs, Span<double> solution);

    /// <summary>
    /// S, with its gradient and its exact, symmetric Hessian (unknowns x unknowns, row-major), both overwritten; either span may
    /// be empty. Returns infinity or NaN where the model is not defined: the solver then shortens its step.
    /// </summary>
    double Evaluate(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, Span<double> gradient, Span<double> hessian);

    /// <summary>For every input u that wants a gradient, adds <c>-(d2S / dsolution du)^T direction</c> to it.</summary>
    void PullBack(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, ReadOnlySpan<double> direction,
        ProblemGradients gradients);
}

/// <summary>Solves the items of a minimisation one by one with <see cref="LevenbergMarquardt"/>.</summary>
/// <param name="Method">The method and its tolerances.</param>
internal sealed record MinimisationSolver<TProblem>(LevenbergMarquardt Method) : IImplicitSolver<TProblem>
    where TProblem : struct, IMinimisationProblem
{
    public void Solve(in TProblem problem, ProblemInputs inputs, Span<double> solutions, Span<SolveStatus> statuses)
    {
        int n = problem.Unknowns;
        for (int item = 0; item < problem.Items; item++)
        {
            statuses[item] = Method.Solve(problem, item, inputs, solutions.Slice(item * n, n));
        }
    }
}

/// <summary>
/// The implicit function theorem at a minimum: from dS/dx(x*(u), u) = 0 follows dx*/du = -H^-1 d2S/dx du, so for a gradient g on x* one
/// solve H v = g with the exact Hessian gives the gradient -(d2S/dx du)^T v on every input.
/// </summary>
/// <param name="SingularPivot">Items whose Hessian has a smaller relative pivot contribute nothing.</param>
internal sealed record MinimisationAdjoint<TProblem>(double SingularPivot = 1e-14) : IImplicitAdjoint<TProblem>
    where TProblem : struct, IMinimisationProblem
{
    public void PullBack(in TProblem problem, ProblemInputs inputs, ReadOnlySpan<double> solutions, ReadOnlySpan<SolveStatus> statuses,
        ReadOnlySpan<double> upstream, ProblemGradients gradients)
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
