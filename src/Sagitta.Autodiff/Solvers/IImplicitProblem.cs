namespace Sagitta.Autodiff.Solvers;

/// <summary>
/// A family of independent small problems whose solutions are functions of tensors. Implemented by structs, so that solvers
/// are compiled for the problem. What the solution is to be differentiated with respect to arrives as
/// <see cref="ProblemInputs"/>; a tensor kept in a field would be a constant to the adjoint, which <see cref="ImplicitSolve{TProblem}"/>
/// refuses.
/// </summary>
internal interface IImplicitProblem
{
    /// <summary>Number of independent items.</summary>
    int Items { get; }

    /// <summary>Unknowns of an item.</summary>
    int Unknowns { get; }
}
