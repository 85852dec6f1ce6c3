namespace Sagitta.Tracking.Design;

/// <summary>
/// Descends along the projected gradient with steps of Barzilai and Borwein, each shortened until the objective falls (Birgin, Martinez and
/// Raydan, SIAM J. Optim. 10 (2000) 1196, without its memory of older values).
/// </summary>
internal static class DesignSearch
{
    private const int MostSteps = 1000;
    private const int MostHalvings = 30;
    private const double SmallestFall = 1e-4;

    /// <summary>Turns values into the minimum that the gradient leads to, and returns the objective there.</summary>
    public static double Descend(DesignProblem problem, double[] values, CancellationToken stop)
    {
        int n = problem.Count;
        problem.Project(values);
        double[] gradient = new double[n];
        double[] direction = new double[n];
        double[] trial = new double[n];
        double[] next = new double[n];
        double objective = problem.Evaluate(values, gradient);
        double steepest = gradient.Max(Math.Abs);
        double length = steepest > 0 ? problem.FirstStep / steepest : 0;
        for (int s = 0; s < MostSteps && length > 0; s++)
        {
            stop.ThrowIfCancellationRequested();
            for (int k = 0; k < n; k++)
            {
                direction[k] = values[k] - (length * gradient[k]);
            }

            problem.Project(direction);
            double slope = 0;
            double moved = 0;
            for (int k = 0; k < n; k++)
            {
                direction[k] -= values[k];
                slope += direction[k] * gradient[k];
                moved = Math.Max(moved, Math.Abs(direction[k]));
            }

            if (moved < problem.Resolution || !(slope < 0))
            {
                break;
            }

            double part = 1;
            double found = double.PositiveInfinity;
            for (int halving = 0; halving < MostHalvings && part * moved >= problem.Resolution; halving++, part /= 2)
            {
                for (int k = 0; k < n; k++)
                {
                    trial[k] = values[k] + (part * direction[k]);
                }

                found = problem.Evaluate(trial, next);
                if (found <= objective + (SmallestFall * part * slope))
                {
                    break;
                }
            }

            if (!(found < objective))
            {
                break;
            }

            double squared = 0;
            double curved = 0;
            for (int k = 0; k < n; k++)
            {
                double change = trial[k] - values[k];
                squared += change * change;
                curved += change * (next[k] - gradient[k]);
            }

            length = curved > 0 ? squared / curved : 10 * length;
            objective = found;
            trial.CopyTo(values, 0);
            next.CopyTo(gradient, 0);
        }

        return objective;
    }
}

/// <summary>What of a detector may change, and how good it is: a number that is to become small, with its gradient.</summary>
internal abstract class DesignProblem
{
    /// <summary>How many numbers may change.</summary>
    public abstract int Count { get; }

    /// <summary>A step that changes no number by more than this is none.</summary>
    public abstract double Resolution { get; }

    /// <summary>How far the first step moves the number of steepest descent.</summary>
    public virtual double FirstStep => 1e5 * Resolution;

    /// <summary>The objective at some values, infinite where tracks do not reach the planes, and its gradient.</summary>
    public abstract double Evaluate(ReadOnlySpan<double> values, Span<double> gradient);

    /// <summary>Moves values to the nearest that are allowed.</summary>
    public abstract void Project(Span<double> values);
}
