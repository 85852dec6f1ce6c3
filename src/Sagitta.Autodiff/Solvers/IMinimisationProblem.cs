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

    /// <summary>
    /// For every input u that wants a gradient, adds <c>-(d2S / dsolution du)^T direction</c> to it.
    /// </summary>
    void PullBack(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, ReadOnlySpan<double> direction,
        ProblemGradients gradients);
}
