using System.Numerics;

namespace Sagitta.Autodiff.Solvers;

/// <summary>
/// A linear assignment as a differentiable step: costs (entries x 1) to indicators 0 or 1 (entries x 1). The true derivative is zero
/// almost everywhere; the backward pass returns the slope of a piecewise affine interpolation instead (see
/// <see cref="AssignmentOptions"/>). Entries that are not finite are forbidden and get no gradient.
/// </summary>
internal sealed class BlackBoxAssignment<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly BlackBoxAssignment<T> Instance = new();

    private BlackBoxAssignment()
    {
    }

    public override string Name => "black-box assignment";

    /// <summary>The indicators of the largest and then cheapest assignment.</summary>
    public static Tensor<T> Apply(Tensor<T> costs, AssignmentProblem problem)
    {
        if (costs.Length != problem.Entries)
        {
            throw new ArgumentException($"{costs.Length} costs for {problem.Entries} allowed entries.", nameof(costs));
        }

        if (problem.Options.Margin != 0 && problem.Wanted.IsEmpty)
        {
            throw new ArgumentException("A margin needs to know the wanted entries: give labels to the problem.", nameof(problem));
        }

        Tape<T> tape = costs.Tape;
        Tensor<T> chosen = tape.Allocate(costs.Rows, costs.Columns, costs.RequiresGradient);
        Load(costs, problem);
        Span<int> entryOfRow = problem.EntryOfRow.AsSpan(0, problem.RowOffsets.Length - 1);
        problem.Solver.AlonePrice = problem.Options.AlonePrice;
        problem.Solver.Solve<double>(problem.RowOffsets, problem.ColumnOfEntry, problem.Columns, problem.Costs.AsSpan(0, problem.Entries),
            entryOfRow);
        Span<T> values = chosen.Values;
        values.Clear();
        foreach (int entry in entryOfRow)
        {
            if (entry >= 0)
            {
                values[entry] = T.One;
            }
        }

        tape.Record(Instance, [costs], [chosen], context: problem);
        return chosen;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        AssignmentProblem problem = step.Context<AssignmentProblem>();
        AssignmentOptions options = problem.Options;
        Tensor<T> costs = step.Input(0);
        Tensor<T> chosen = step.Output();
        ReadOnlySpan<T> upstream = chosen.Gradient;
        double largest = 0;
        foreach (T value in upstream)
        {
            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(value)));
        }

        if (!(largest > 0))
        {
            return;
        }

        double lambda = options.LargestChange > 0 ? options.LargestChange / largest : options.Lambda;
        Load(costs, problem);
        Span<double> moved = problem.Costs.AsSpan(0, problem.Entries);
        for (int e = 0; e < moved.Length; e++)
        {
            moved[e] += lambda * double.CreateTruncating(upstream[e]);
            if (options.ClipAtZero)
            {
                moved[e] = Math.Max(moved[e], 0);
            }
        }

        Span<int> entryOfRow = problem.EntryOfRow.AsSpan(0, problem.RowOffsets.Length - 1);
        problem.Solver.SolveAgain<double>(problem.RowOffsets, problem.ColumnOfEntry, problem.Columns, moved, entryOfRow);
        T scale = T.CreateTruncating(options.DivideByLambda ? 1 / lambda : 1);
        Span<T> gradient = costs.Gradient;
        ReadOnlySpan<T> before = chosen.Values;
        for (int e = 0; e < gradient.Length; e++)
        {
            gradient[e] -= scale * before[e];
        }

        foreach (int entry in entryOfRow)
        {
            if (entry >= 0)
            {
                gradient[entry] += scale;
            }
        }
    }

    private static void Load(Tensor<T> costs, AssignmentProblem problem)
    {
        ReadOnlySpan<T> values = costs.Values;
        ReadOnlySpan<bool> wanted = problem.Wanted;
        double half = problem.Options.Margin / 2;
        for (int e = 0; e < values.Length; e++)
        {
            double cost = double.CreateTruncating(values[e]);
            problem.Costs[e] = half == 0 ? cost : cost + (wanted[e] ? half : -half);
        }
    }
}
