namespace Sagitta.Tracking.ResidualRange;

/// <summary>The range fit as a differentiable operation: by the implicit function theorem, as the fits of the muon spectrometer.</summary>
internal static class RangeFit
{
    private static readonly ImplicitSolve<RangeProblem> _solve = new(new RangeSolver(), new MinimisationAdjoint<RangeProblem>());

    /// <summary>Ranges of tracks (tracks x 1, mm of water behind depth 0), with a status each.</summary>
    /// <param name="problem">Which entries belong to which track, and their depths.</param>
    /// <param name="weights">Weight of each entry.</param>
    /// <param name="deposits">Deposit of each entry, MeV.</param>
    public static ImplicitSolution Apply(in RangeProblem problem, Tensor<double> weights, Tensor<double> deposits)
    {
        if (weights.Length != problem.Depth.Length || deposits.Length != problem.Depth.Length
            || problem.Offsets[^1] != problem.Depth.Length)
        {
            throw new ArgumentException(
                $"{weights.Length} weights, {deposits.Length} deposits and {problem.Depth.Length} depths for {problem.Offsets[^1]} "
                    + $"entries: give one of each an entry.", nameof(weights));
        }

        return _solve.Apply(problem, weights, deposits);
    }
}
