namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>Leading eigenpairs of a symmetric matrix.</summary>
/// <param name="Leading">By falling size of the eigenvalue, whatever its sign.</param>
/// <param name="Lowest">The lowest eigenvalue seen; NaN where the method does not see it.</param>
/// <param name="Products">Products with the matrix that were needed.</param>
/// <param name="Converged">Whether all reached the tolerance.</param>
internal sealed record Eigenpairs(IReadOnlyList<Eigenpair> Leading, double Lowest, int Products, bool Converged);
