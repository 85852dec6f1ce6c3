using System.Numerics;

namespace Sagitta.Tracking.ResidualRange;

/// <summary>How wrong the ranges of tracks are that chosen segments (1 x count indicators, or any weights) lead to: the mean over tracks
/// that begin in the first layer, 1 x 1. The gradient reaches every segment that leaves such a track, chosen or not, so that an assignment
/// behind it learns which exchange would bring the range nearer to the truth.</summary>
internal sealed class RangeLoss<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly RangeLoss<T> Instance = new();

    private RangeLoss()
    {
    }

    public override string Name => "range loss";

    /// <summary>The loss; 0 if no track has a truth.</summary>
    /// <param name="chosen">One number a segment of the problem's graph.</param>
    /// <param name="problem">Graph, hits and true ranges; must stay set until this returns.</param>
    public static Tensor<T> Apply(Tensor<T> chosen, RangeLossProblem problem)
    {
        if (chosen.Length != problem.Segments)
        {
            throw new ArgumentException($"{chosen.Length} numbers for {problem.Segments} segments.", nameof(chosen));
        }

        Tape<T> tape = chosen.Tape;
        Tensor<T> loss = tape.Allocate(1, 1, chosen.RequiresGradient);
        Tensor<T> slopes = tape.Allocate(chosen.Rows, chosen.Columns);
        double[] weights = new double[chosen.Length];
        double[] gradient = new double[chosen.RequiresGradient ? chosen.Length : 0];
        for (int e = 0; e < weights.Length; e++)
        {
            weights[e] = double.CreateTruncating(chosen.Values[e]);
        }

        loss.Values[0] = T.CreateTruncating(problem.Evaluate(weights, gradient));
        for (int e = 0; e < gradient.Length; e++)
        {
            slopes.Values[e] = T.CreateTruncating(gradient[e]);
        }

        tape.Record(Instance, [chosen], [loss], [slopes]);
        return loss;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Span<T> gradient = step.Input(0).Gradient;
        ReadOnlySpan<T> slopes = step.Saved(0).Values;
        T upstream = step.Output().Gradient[0];
        for (int e = 0; e < gradient.Length; e++)
        {
            gradient[e] += upstream * slopes[e];
        }
    }
}

/// <summary>The loss of ranges.</summary>
internal sealed record RangeLossOptions
{
    /// <summary>The curve that ranges are fitted with.</summary>
    public BraggCurve Curve { get; init; } = new();

    /// <summary>What one unit of error is, mm of water; the default is about the straggling of a proton's range.</summary>
    public double Unit { get; init; } = 4;

    /// <summary>Loss of an error in these units.</summary>
    public RobustFunction Function { get; init; } = new RobustFunction.Cauchy();

    /// <summary>Largest norm, over segments, of the gradient of one track's loss; a longer one is shortened to it. Where a wrong hit leaves
    /// the fit nearly without curvature the gradient has no bound, and behind an assignment with a scaled lambda one such track would
    /// decide alone which costs move.</summary>
    public double LargestGradient { get; init; } = double.PositiveInfinity;

    /// <summary>Fewest weighted hits of a fit.</summary>
    public int FewestHits { get; init; } = 3;
}
