namespace Sagitta.Tests.Tracking.ResidualRange;

public sealed class RangeFitTests
{
    private static readonly BraggCurve _curve = new();

    [Fact]
    public void Deposits_on_the_curve_give_back_the_range()
    {
        foreach (double range in new[] { 20, 55.3, 130, 229.6 })
        {
            double[] depth = [.. Enumerable.Range(0, 30).Select(k => 7.1 * k).Where(d => d < range)];
            double[] deposits = [.. depth.Select(d => Math.Exp(_curve.LogDeposit(range - d).Value))];
            (double found, SolveStatus status) = Fit(depth, deposits);
            Assert.Equal(SolveStatus.Converged, status);
            Assert.Equal(range, found, 1e-8);
        }
    }

    [Theory]
    [InlineData(0.03)]
    [InlineData(0.1)]
    [InlineData(0.8)]
    public void One_hit_has_a_closed_form(double deposit)
    {
        // s ln(1 + exp(x/s)) = (scale/d)^(1/q), and d ln d/dR = -q u'/u.
        const double Depth = 40;
        double soft = Math.Pow(_curve.Scale / deposit, 1 / _curve.Power);
        double left = _curve.Rounding * Math.Log(Math.Exp(soft / _curve.Rounding) - 1);
        using Tape<double> tape = new();
        Tensor<double> weights = tape.Leaf([0.7], 1, 1);
        Tensor<double> deposits = tape.Leaf([deposit], 1, 1);
        ImplicitSolution solution = RangeFit.Apply(new(_curve, [0, 1], [Depth], 1), weights, deposits);
        Assert.Equal(Depth + left, solution.Value.Values[0], 1e-9);
        tape.Backward(solution.Value);
        double logistic = 1 / (1 + Math.Exp(-left / _curve.Rounding));
        Assert.Equal(-soft / (_curve.Power * logistic * deposit), deposits.Gradient[0], 1e-6 * soft / deposit);
        Assert.Equal(0, weights.Gradient[0], 1e-9);
    }

    [Fact]
    public void Gradients_are_those_of_differences()
    {
        // Three tracks of 12, 3 and 5 hits; some hits without weight.
        int[] offsets = [0, 12, 15, 20];
        RandomDraws draws = RandomKey.FromSeed(5).Draws();
        double[] depth = new double[20];
        double[] weights = new double[20];
        double[] deposits = new double[20];
        for (int t = 0; t < 3; t++)
        {
            double range = 8.0 * (offsets[t + 1] - offsets[t]);
            for (int i = offsets[t]; i < offsets[t + 1]; i++)
            {
                depth[i] = 8 * (i - offsets[t]);
                weights[i] = i % 6 == 5 ? 0 : 0.2 + draws.NextUniform();
                deposits[i] = Math.Exp(_curve.LogDeposit(range - depth[i]).Value + (0.3 * draws.NextGaussian()));
            }
        }

        double[] factors = [1, -2, 0.5];
        FiniteDifferences.Check(
            [weights, deposits],
            [(20, 1), (20, 1)],
            [1e-4, 1e-5],
            (tape, leaves) =>
            {
                ImplicitSolution solution = RangeFit.Apply(new(_curve, offsets, depth, 2), leaves[0], leaves[1]);
                Assert.All(solution.Statuses.ToArray(), status => Assert.Equal(SolveStatus.Converged, status));
                return Sum<double>.Apply(Multiply<double>.Apply(solution.Value, tape.Constant(factors, 3, 1)));
            });
    }

    [Fact]
    public void What_cannot_be_fitted_has_a_status_and_no_gradient()
    {
        using Tape<double> tape = new();
        Tensor<double> weights = tape.Leaf([1, 1, 0, 1, 1, 1, 1], 7, 1);
        Tensor<double> deposits = tape.Leaf([0.05, 0, 0.05, 0.02, 0.02, double.NaN, 0.05], 7, 1);

        // An empty track, one with a deposit of nothing and a hit without weight, one with a number that is none, and a good one of one
        // hit.
        ImplicitSolution solution = RangeFit.Apply(new(_curve, [0, 0, 3, 6, 7], [0, 8, 16, 0, 8, 16, 0], 1), weights, deposits);
        Assert.Equal([SolveStatus.TooFewPlanes, SolveStatus.Converged, SolveStatus.OutOfRange, SolveStatus.Converged],
            solution.Statuses.ToArray());
        Assert.All(solution.Value.Values.ToArray(), value => Assert.True(double.IsFinite(value)));
        tape.Backward(Sum<double>.Apply(solution.Value));
        Assert.Equal(0, deposits.Gradient[3]);
        Assert.NotEqual(0, deposits.Gradient[0]);
        Assert.Throws<ArgumentException>(() => RangeFit.Apply(new(_curve, [0, 1], [0], 1), weights, deposits));
    }

    private static (double Range, SolveStatus Status) Fit(double[] depth, double[] deposits)
    {
        using Tape<double> tape = new(recording: false);
        Tensor<double> weights = tape.Allocate(depth.Length, 1);
        weights.Values.Fill(1);
        ImplicitSolution solution = RangeFit.Apply(new(_curve, [0, depth.Length], depth, 3), weights,
            tape.Constant(deposits, depth.Length, 1));
        return (solution.Value.Values[0], solution.Statuses[0]);
    }
}
