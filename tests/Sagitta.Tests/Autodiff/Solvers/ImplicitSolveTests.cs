namespace Sagitta.Tests.Autodiff.Solvers;

public sealed class ImplicitSolveTests
{
    // Each row (a, b) has the minimum of S = (x^4 / 4 - a x) + (y - b x)^2: x = a^(1/3), y = b x.
    private readonly record struct Quartic(int Items) : IMinimisationProblem
    {
        public int Unknowns => 2;

        public SolveStatus Start(int item, ProblemInputs inputs, Span<double> solution)
        {
            solution[0] = 3;
            solution[1] = -2;
            return inputs[0][2 * item] == 0 ? SolveStatus.TooFewPlanes : SolveStatus.Converged;
        }

        public double Evaluate(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, Span<double> gradient, Span<double> hessian)
        {
            double a = inputs[0][2 * item], b = inputs[0][(2 * item) + 1], x = solution[0], y = solution[1], r = y - (b * x);
            if (!gradient.IsEmpty)
            {
                gradient[0] = (x * x * x) - a - (2 * b * r);
                gradient[1] = 2 * r;
            }

            if (!hessian.IsEmpty)
            {
                hessian[0] = (3 * x * x) + (2 * b * b);
                hessian[1] = hessian[2] = -2 * b;
                hessian[3] = 2;
            }

            return (x * x * x * x / 4) - (a * x) + (r * r);
        }

        public void PullBack(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, ReadOnlySpan<double> direction,
            ProblemGradients gradients)
        {
            double b = inputs[0][(2 * item) + 1], x = solution[0], r = solution[1] - (b * x);
            gradients[0][2 * item] += direction[0];
            gradients[0][(2 * item) + 1] += (direction[0] * ((2 * r) - (2 * b * x))) + (direction[1] * 2 * x);
        }
    }

    private readonly record struct Capturing(Tensor<double> Captured) : IImplicitProblem
    {
        public int Items => Captured.Rows;

        public int Unknowns => 1;
    }

    private sealed class CapturingStrategy : IImplicitSolver<Capturing>, IImplicitAdjoint<Capturing>
    {
        public void Solve(in Capturing problem, ProblemInputs inputs, Span<double> solutions, Span<SolveStatus> statuses) =>
            solutions.Clear();

        public void PullBack(in Capturing problem, ProblemInputs inputs, ReadOnlySpan<double> solutions, ReadOnlySpan<SolveStatus> statuses,
            ReadOnlySpan<double> upstream, ProblemGradients gradients) =>
            gradients[0].Clear();
    }

    [Fact]
    public void Solution_and_gradient_are_those_of_the_closed_form()
    {
        ImplicitSolve<Quartic> solve = new(new MinimisationSolver<Quartic>(new()), new MinimisationAdjoint<Quartic>());
        double[] values = [8, 0.5, -27, 1, 0.001, -3];
        FiniteDifferences.Check([values], [(3, 2)], [1e-5], (tape, x) =>
        {
            ImplicitSolution solution = solve.Apply(new Quartic(3), x[0]);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(SolveStatus.Converged, solution.Statuses[i]);
                Assert.Equal(Math.Cbrt(x[0].Values[2 * i]), solution.Value.Values[2 * i], 1e-10);
            }

            return WeightedSum.Of([1], solution.Value);
        });
    }

    [Fact]
    public void Every_start_reaches_the_minimum_though_rounding_of_the_objective_refuses_steps_near_it()
    {
        const int Items = 2000;
        RandomDraws draws = RandomKey.FromSeed(3).Draws();
        double[] values = [.. Enumerable.Range(0, Items)
            .SelectMany(i => (double[])[(i % 2 == 0 ? 1 : -1) * Math.Pow(10, draws.NextUniform(-4, 1)), draws.NextUniform(-4, 4)])];
        using Tape<double> tape = new(recording: false);
        ImplicitSolution solution = new ImplicitSolve<Quartic>(new MinimisationSolver<Quartic>(new()), new MinimisationAdjoint<Quartic>())
            .Apply(new Quartic(Items), tape.Constant(values, Items, 2));
        for (int i = 0; i < Items; i++)
        {
            Assert.Equal(SolveStatus.Converged, solution.Statuses[i]);
            Assert.Equal(Math.Cbrt(values[2 * i]), solution.Value.Values[2 * i], 1e-10);
        }
    }

    [Fact]
    public void Failed_items_pass_no_gradient()
    {
        using Tape<double> tape = new();
        Tensor<double> input = tape.Leaf([8, 0.5, 0, 1, 1, double.NaN], 3, 2);
        ImplicitSolution solution = new ImplicitSolve<Quartic>(new MinimisationSolver<Quartic>(new()), new MinimisationAdjoint<Quartic>())
            .Apply(new Quartic(3), input);
        Assert.Equal([SolveStatus.Converged, SolveStatus.TooFewPlanes, SolveStatus.OutOfRange], solution.Statuses.ToArray());
        Assert.All(solution.Value.Values.ToArray(), value => Assert.True(double.IsFinite(value)));
        tape.Backward(WeightedSum.Of([1], solution.Value));
        Assert.NotEqual(0, input.Gradient[0]);
        Assert.Equal([0, 0, 0, 0], input.Gradient[2..].ToArray());
    }

    [Fact]
    public void Steps_that_run_out_are_a_status()
    {
        using Tape<double> tape = new();
        MinimisationSolver<Quartic> hasty = new(new() { MaximumSteps = 2 });
        ImplicitSolution solution = new ImplicitSolve<Quartic>(hasty, new MinimisationAdjoint<Quartic>()).Apply(
            new Quartic(1), tape.Leaf([8, 0.5], 1, 2));
        Assert.Equal(SolveStatus.NotConverged, solution.Statuses[0]);
    }

    [Fact]
    public void A_captured_tensor_is_refused_with_the_mend()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => new ImplicitSolve<Capturing>(new CapturingStrategy(), new CapturingStrategy()));
        Assert.Contains("Captured", error.Message, StringComparison.Ordinal);
        Assert.Contains("Pass the tensor to Apply", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_of_two_tapes_are_refused()
    {
        using Tape<double> one = new();
        using Tape<double> other = new();
        Tensor<double> here = one.Leaf([8, 0.5], 1, 2);
        Tensor<double> there = other.Leaf([8, 0.5], 1, 2);
        ImplicitSolve<Quartic> solve = new(new MinimisationSolver<Quartic>(new()), new MinimisationAdjoint<Quartic>());
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => solve.Apply(new Quartic(1), here, there).Value.Rows);
        Assert.Contains("another tape", error.Message, StringComparison.Ordinal);
    }
}
