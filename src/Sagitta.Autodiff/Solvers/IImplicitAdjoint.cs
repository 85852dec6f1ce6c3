namespace Sagitta.Autodiff.Solvers;

/// <summary>Carries gradients on solutions back to the inputs of a problem.</summary>
internal interface IImplicitAdjoint<TProblem>
    where TProblem : struct, IImplicitProblem
{
    /// <summary>
    /// Adds to <paramref name="gradients"/> what <paramref name="upstream"/> (items x unknowns) asks for. Items whose status
    /// is not <see cref="SolveStatus.Converged"/> contribute nothing.
    /// </summary>
    void PullBack(
        in TProblem problem,
        ProblemInputs inputs,
        ReadOnlySpan<double> solutions,
        ReadOnlySpan<SolveStatus> statuses,
        ReadOnlySpan<double> upstream,
        ProblemGradients gradients);
}
