namespace Sagitta.Tracking.ResidualRange;

/// <summary>The range of each track: S(R) = sum over hits of w/2 ((ln d - ln m(R - depth)) / spread)^2, m being the Bragg curve. Inputs:
/// weights w, then deposits d in MeV, both entries x 1; hits without weight, and deposits that are not positive, say nothing.</summary>
/// <param name="Curve">The curve.</param>
/// <param name="Offsets">Tracks + 1 borders of each track's entries.</param>
/// <param name="Depth">Depth of each entry, mm of water.</param>
/// <param name="FewestHits">A track with fewer weighted hits fails.</param>
internal readonly record struct RangeProblem(BraggCurve Curve, int[] Offsets, double[] Depth, int FewestHits) : IMinimisationProblem
{
    private const int Weights = 0;
    private const int Deposits = 1;

    public int Items => Offsets.Length - 1;

    public int Unknowns => 1;

    public SolveStatus Start(int item, ProblemInputs inputs, Span<double> solution)
    {
        ReadOnlySpan<double> weights = inputs[Weights];
        ReadOnlySpan<double> deposits = inputs[Deposits];
        int hits = 0;
        double deepest = double.NegativeInfinity;
        for (int i = Offsets[item]; i < Offsets[item + 1]; i++)
        {
            if (!double.IsFinite(weights[i]) || !double.IsFinite(deposits[i]))
            {
                return SolveStatus.OutOfRange;
            }

            if (weights[i] > 0 && deposits[i] > 0)
            {
                hits++;
                deepest = Math.Max(deepest, Depth[i]);
            }
        }

        if (hits < FewestHits)
        {
            return SolveStatus.TooFewPlanes;
        }

        // Half a layer of a few mm behind the deepest hit; S decides the rest.
        solution[0] = deepest + (4 * Curve.Rounding);
        return SolveStatus.Converged;
    }

    public double Evaluate(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, Span<double> gradient, Span<double> hessian)
    {
        ReadOnlySpan<double> weights = inputs[Weights];
        ReadOnlySpan<double> deposits = inputs[Deposits];
        double value = 0;
        double first = 0;
        double second = 0;
        double precision = 1 / (Curve.Spread * Curve.Spread);
        for (int i = Offsets[item]; i < Offsets[item + 1]; i++)
        {
            if (weights[i] == 0 || !(deposits[i] > 0))
            {
                continue;
            }

            (double expected, double slope, double bend) = Curve.LogDeposit(solution[0] - Depth[i]);
            double residual = Math.Log(deposits[i]) - expected;
            value += weights[i] * precision * residual * residual / 2;
            first -= weights[i] * precision * residual * slope;
            second += weights[i] * precision * ((slope * slope) - (residual * bend));
        }

        if (!gradient.IsEmpty)
        {
            gradient[0] = first;
        }

        if (!hessian.IsEmpty)
        {
            hessian[0] = second;
        }

        return value;
    }

    public void PullBack(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, ReadOnlySpan<double> direction,
        ProblemGradients gradients)
    {
        ReadOnlySpan<double> weights = inputs[Weights];
        ReadOnlySpan<double> deposits = inputs[Deposits];
        Span<double> onWeights = gradients[Weights];
        Span<double> onDeposits = gradients[Deposits];
        double precision = 1 / (Curve.Spread * Curve.Spread);
        for (int i = Offsets[item]; i < Offsets[item + 1]; i++)
        {
            if (!(deposits[i] > 0))
            {
                continue;
            }

            (double expected, double slope, _) = Curve.LogDeposit(solution[0] - Depth[i]);
            onWeights.AddAt(i, precision * (Math.Log(deposits[i]) - expected) * slope * direction[0]);
            onDeposits.AddAt(i, weights[i] * precision * slope / deposits[i] * direction[0]);
        }
    }
}
