using System.Runtime.CompilerServices;

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

    // Damping decides only how many steps there are to the minimum. The counts are this code's own; whoever changes them says what is
    // gained. Kinds: a curved valley, the same on a height that leaves S few digits, and a start where S curves downwards.
    [Theory]
    [InlineData(-1.2, 1, 0, 58)]
    [InlineData(-1.2, 1, 1e9, 79)]
    [InlineData(0, 3, 0, 101)]
    [InlineData(0, 3, 1e7, 102)]
    public void The_number_of_evaluations_is_as_recorded(double x, double y, double height, int evaluations)
    {
        double[] solution = new double[2];
        StrongBox<int> count = new();
        Assert.Equal(SolveStatus.Converged, new LevenbergMarquardt().Solve(new Valley(x, y, height, count), 0, default, solution));
        Assert.Equal([1.0, 1], solution.Select(value => Math.Round(value, 4)));
        Assert.Equal(evaluations, count.Value);
    }

    // Rosenbrock's valley, (1 - x)^2 + 100 (y - x^2)^2, and a height.
    private readonly record struct Valley(double X, double Y, double Height, StrongBox<int> Evaluations) : IMinimisationProblem
    {
        public int Items => 1;

        public int Unknowns => 2;

        public SolveStatus Start(int item, ProblemInputs inputs, Span<double> solution)
        {
            (solution[0], solution[1]) = (X, Y);
            return SolveStatus.Converged;
        }

        public double Evaluate(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, Span<double> gradient, Span<double> hessian)
        {
            Evaluations.Value++;
            double x = solution[0];
            double across = solution[1] - (x * x);
            if (!gradient.IsEmpty)
            {
                gradient[0] = (-2 * (1 - x)) - (400 * x * across);
                gradient[1] = 200 * across;
            }

            if (!hessian.IsEmpty)
            {
                hessian[0] = 2 - (400 * across) + (800 * x * x);
                hessian[1] = hessian[2] = -400 * x;
                hessian[3] = 200;
            }

            return Height + ((1 - x) * (1 - x)) + (100 * across * across);
        }

        public void PullBack(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, ReadOnlySpan<double> direction,
            ProblemGradients gradients)
        {
        }
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
