namespace Sagitta.Tracking.ResidualRange;

/// <summary>Finds the minimum of S(R) next to the deepest hit: steps downhill, doubled until the slope changes its sign, then Newton's
/// method kept between the two ends by bisection. S falls towards every finite range from either side, so there always is one.</summary>
internal sealed class RangeSolver : IImplicitSolver<RangeProblem>
{
    private const int MostSteps = 200;
    private const double Precision = 1e-13;

    public void Solve(in RangeProblem problem, ProblemInputs inputs, Span<double> solutions, Span<SolveStatus> statuses)
    {
        for (int item = 0; item < problem.Items; item++)
        {
            Span<double> solution = solutions.Slice(item, 1);
            solution.Clear();
            statuses[item] = problem.Start(item, inputs, solution);
            if (statuses[item] == SolveStatus.Converged)
            {
                statuses[item] = Descend(problem, item, inputs, ref solution[0]);
            }
        }
    }

    private static SolveStatus Descend(in RangeProblem problem, int item, ProblemInputs inputs, ref double range)
    {
        double at = range;
        (double slope, _) = Slope(problem, item, inputs, at);
        double step = slope > 0 ? -problem.Curve.Rounding : problem.Curve.Rounding;
        double other = at;
        int steps = 0;
        for (; steps < MostSteps; steps++)
        {
            other = at + step;
            (double next, _) = Slope(problem, item, inputs, other);
            if (next * slope <= 0)
            {
                break;
            }

            (at, slope, step) = (other, next, 2 * step);
        }

        double low = Math.Min(at, other);
        double high = Math.Max(at, other);
        double middle = (low + high) / 2;
        double bend = 0;
        for (; steps < MostSteps; steps++)
        {
            (slope, bend) = Slope(problem, item, inputs, middle);
            (low, high) = slope > 0 ? (low, middle) : (middle, high);
            double newton = middle - (slope / bend);
            double next = bend > 0 && newton >= low && newton <= high ? newton : (low + high) / 2;
            bool ends = slope == 0 || Math.Abs(next - middle) <= Precision * Math.Max(1, Math.Abs(middle));
            middle = slope == 0 ? middle : next;
            if (ends)
            {
                range = middle;
                return bend > 0 ? SolveStatus.Converged : SolveStatus.Singular;
            }
        }

        return SolveStatus.NotConverged;
    }

    private static (double Slope, double Bend) Slope(in RangeProblem problem, int item, ProblemInputs inputs, double range)
    {
        double gradient = 0;
        double hessian = 0;
        problem.Evaluate(item, inputs, new(in range), new(ref gradient), new(ref hessian));
        return (gradient, hessian);
    }
}

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
