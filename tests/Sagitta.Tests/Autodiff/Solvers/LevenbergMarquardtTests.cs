namespace Sagitta.Tests.Autodiff.Solvers;

public sealed class LevenbergMarquardtTests
{
    [Fact]
    public void A_paraboloid_is_solved_exactly()
    {
        double[] solution = new double[2];
        Assert.Equal(SolveStatus.Converged, new LevenbergMarquardt().Solve(new Paraboloid(1, SolveStatus.Converged), 0, default, solution));
        Assert.Equal([3.0, -2], solution.Select(x => Math.Round(x, 12)));
    }

    [Fact]
    public void A_Hessian_that_no_damping_makes_regular_is_singular()
    {
        double[] solution = new double[2];
        Assert.Equal(SolveStatus.Singular, new LevenbergMarquardt()
            .Solve(new Paraboloid(1e14, SolveStatus.Converged), 0, default, solution));
        Assert.All(solution, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void An_item_that_cannot_begin_has_its_reason_and_zeros()
    {
        double[] solution = [7, 7];
        Assert.Equal(SolveStatus.TooFewPlanes,
            new LevenbergMarquardt().Solve(new Paraboloid(1, SolveStatus.TooFewPlanes), 0, default, solution));
        Assert.Equal([0.0, 0], solution);
    }

    // (x - 3)^2 + (x - 3)(y + 2) + (y + 2)^2, times a wrong off-diagonal element of the Hessian.
    private readonly record struct Paraboloid(double OffDiagonal, SolveStatus Begins) : IMinimisationProblem
    {
        public int Items => 1;

        public int Unknowns => 2;

        public SolveStatus Start(int item, ProblemInputs inputs, Span<double> solution)
        {
            solution.Fill(10);
            return Begins;
        }

        public double Evaluate(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, Span<double> gradient, Span<double> hessian)
        {
            double a = solution[0] - 3;
            double b = solution[1] + 2;
            if (!gradient.IsEmpty)
            {
                gradient[0] = (2 * a) + b;
                gradient[1] = a + (2 * b);
            }

            if (!hessian.IsEmpty)
            {
                hessian[0] = hessian[3] = 2;
                hessian[1] = hessian[2] = OffDiagonal;
            }

            return (a * a) + (a * b) + (b * b);
        }

        public void PullBack(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, ReadOnlySpan<double> direction,
            ProblemGradients gradients)
        {
        }
    }
}
