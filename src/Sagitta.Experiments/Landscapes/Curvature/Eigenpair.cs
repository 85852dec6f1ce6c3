namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>An eigenvalue with its eigenvector.</summary>
/// <param name="Value">The eigenvalue.</param>
/// <param name="Vector">The eigenvector, of length 1.</param>
/// <param name="Residual">|H v - value v|, as far as the method knows it.</param>
internal sealed record Eigenpair(double Value, double[] Vector, double Residual);
