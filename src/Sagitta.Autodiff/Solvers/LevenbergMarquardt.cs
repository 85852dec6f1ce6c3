namespace Sagitta.Autodiff.Solvers;

/// <summary>
/// Newton's method on the exact Hessian with Marquardt's damping (SIAM J. Appl. Math. 11, 1963): a step is taken only if S does not
/// grow (beyond rounding), and damping is raised until the damped Hessian is positive definite and the step descends, so that S decreases
/// from start to end. Items are solved one by one, which makes this the reference that solvers in vector lanes are tested against.
/// </summary>
/// <remarks>Allocates nothing for up to 16 unknowns; more are refused, a dense factorisation per item being the wrong tool.</remarks>
internal sealed record LevenbergMarquardt
{
    internal const int MaximumUnknowns = 16;
    private const double Endgame = 1e-6;

    /// <summary>Steps, refused ones included, before <see cref="SolveStatus.NotConverged"/>.</summary>
    public int MaximumSteps { get; init; } = 100;

    /// <summary>
    /// Newton's decrement, sqrt(g^T H^-1 g), relative to sqrt(1 + |S|), at which an item counts as converged. Newton's steps go on
    /// from there as long as they shrink it, so that the gradient ends at rounding level. In a chi-square a decrement of 1 is about one
    /// standard deviation.
    /// </summary>
    public double Tolerance { get; init; } = 1e-7;

    /// <summary>Damping after the first refused step; undamped before.</summary>
    public double InitialDamping { get; init; } = 1e-3;

    /// <summary>Smallest pivot of the Hessian at the solution, relative to its diagonal; below it the item is
    /// <see cref="SolveStatus.Singular"/>.</summary>
    public double SingularPivot { get; init; } = 1e-12;

    /// <summary>Solves one item from its start.</summary>
    public SolveStatus Solve<TProblem>(in TProblem problem, int item, ProblemInputs inputs, Span<double> solution)
        where TProblem : struct, IMinimisationProblem
    {
        int n = problem.Unknowns;
        if (n > MaximumUnknowns)
        {
            throw new ArgumentException(
                $"{n} unknowns an item, but this solver is for at most {MaximumUnknowns}: write an {nameof(IImplicitSolver<>)} for "
                + $"larger problems.", nameof(problem));
        }

        solution.Clear();
        SolveStatus start = problem.Start(item, inputs, solution);
        if (start != SolveStatus.Converged)
        {
            solution.Clear();
            return start;
        }

        Span<double> gradient = stackalloc double[n];
        Span<double> hessian = stackalloc double[n * n];
        Span<double> factor = stackalloc double[n * n];
        Span<double> step = stackalloc double[n];
        Span<double> trial = stackalloc double[n];
        double value = problem.Evaluate(item, inputs, solution, gradient, hessian);
        if (!double.IsFinite(value))
        {
            solution.Clear();
            return SolveStatus.OutOfRange;
        }

        double damping = 0;
        bool leftRange = false;
        bool undampedOnce = false;
        for (int iteration = 0; iteration < MaximumSteps; iteration++)
        {
            while (!TryDamped(hessian, factor, n, damping))
            {
                damping = damping == 0 ? InitialDamping : damping * 10;
                if (!(damping < 1e12))
                {
                    return Fail(solution, SolveStatus.Singular);
                }
            }

            gradient.CopyTo(step);
            SymmetricSystem.SolveFactored(factor, n, step);
            double decrement = 0;
            for (int k = 0; k < n; k++)
            {
                decrement += gradient[k] * step[k];
                trial[k] = solution[k] - step[k];
            }

            // Close to the minimum S no longer resolves the steps, but its gradient does.
            if (damping == 0 && decrement <= Endgame * (1 + Math.Abs(value)))
            {
                double reached = Polish(problem, item, inputs, solution, gradient, hessian, factor, step, trial, decrement);
                if (reached <= Tolerance * Tolerance * (1 + Math.Abs(value)))
                {
                    return IsRegular(hessian, factor, n) ? SolveStatus.Converged : Fail(solution, SolveStatus.Singular);
                }

                value = problem.Evaluate(item, inputs, solution, gradient, hessian);
                damping = InitialDamping;
                continue;
            }

            double trialValue = problem.Evaluate(item, inputs, trial, default, default);
            if (trialValue <= value)
            {
                trial.CopyTo(solution);
                value = problem.Evaluate(item, inputs, solution, gradient, hessian);
                leftRange = false;
                undampedOnce = false;
                damping = damping < 1e-6 ? 0 : damping / 10;
            }
            else if (!undampedOnce && damping > 0 && damping <= 1 && decrement <= Endgame * (1 + Math.Abs(value)))
            {
                // Damped steps have come as close as S resolves: its rounding refuses them, more damping helps nothing, and the gradient
                // decides.
                undampedOnce = true;
                damping = 0;
            }
            else
            {
                leftRange |= !double.IsFinite(trialValue);
                damping = damping == 0 ? InitialDamping : damping * 10;
                if (!(damping < 1e20))
                {
                    break;
                }
            }
        }

        // Damped steps along what nothing measures come to no end. Where S curves downwards, a little damping makes nothing regular.
        bool isSingular = !IsRegular(hessian, factor, n) && TryDamped(hessian, factor, n, 1e-6);
        return Fail(solution, isSingular ? SolveStatus.Singular : leftRange ? SolveStatus.OutOfRange : SolveStatus.NotConverged);
    }

    // Newton's steps while each at least halves the decrement; one that does not is the last, and is taken only if it shrinks it. Returns
    // the decrement squared at the solution, where gradient and Hessian are left evaluated.
    private static double Polish<TProblem>(in TProblem problem, int item, ProblemInputs inputs, Span<double> solution,
        Span<double> gradient, Span<double> hessian, Span<double> factor, Span<double> step, Span<double> trial, double decrement)
        where TProblem : struct, IMinimisationProblem
    {
        int n = solution.Length;
        while (true)
        {
            double next = double.PositiveInfinity;
            if (double.IsFinite(problem.Evaluate(item, inputs, trial, gradient, hessian)) && TryDamped(hessian, factor, n, 0))
            {
                gradient.CopyTo(step);
                SymmetricSystem.SolveFactored(factor, n, step);
                next = 0;
                for (int k = 0; k < n; k++)
                {
                    next += gradient[k] * step[k];
                }
            }

            if (!(next < decrement / 4))
            {
                if (next < decrement)
                {
                    trial.CopyTo(solution);
                    return next;
                }

                problem.Evaluate(item, inputs, solution, gradient, hessian);
                return decrement;
            }

            trial.CopyTo(solution);
            decrement = next;
            for (int k = 0; k < n; k++)
            {
                trial[k] = solution[k] - step[k];
            }
        }
    }

    private static bool TryDamped(ReadOnlySpan<double> hessian, Span<double> factor, int n, double damping)
    {
        hessian.CopyTo(factor);
        for (int k = 0; k < n; k++)
        {
            // A diagonal element that is not positive cannot be scaled up: its magnitude can.
            double diagonal = hessian[(k * n) + k];
            factor[(k * n) + k] = damping == 0 ? diagonal : diagonal + (damping * Math.Max(Math.Abs(diagonal), double.Epsilon));
        }

        return SymmetricSystem.TryFactor(factor, n, 1e-15);
    }

    private static SolveStatus Fail(Span<double> solution, SolveStatus status)
    {
        foreach (ref double value in solution)
        {
            value = double.IsFinite(value) ? value : 0;
        }

        return status;
    }

    private bool IsRegular(ReadOnlySpan<double> hessian, Span<double> factor, int n)
    {
        hessian.CopyTo(factor);
        return SymmetricSystem.TryFactor(factor, n, SingularPivot);
    }
}
