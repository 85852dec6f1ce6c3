namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>How well Hessian-vector products at one step and at the next shorter one agree.</summary>
/// <param name="Step">The step.</param>
/// <param name="Error">Relative difference of the two products.</param>
internal sealed record StepError(double Step, double Error);
