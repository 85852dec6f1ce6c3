using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>The two losses of segment scores (arXiv:2407.13420). Both average segments on the tracker's side and all others apart and add
/// the two means, so that the few tracker segments count as much as the many others.</summary>
internal static class SegmentLoss
{
    /// <summary>Weight of each segment: one over the number of segments on its side, times <paramref name="scale"/> and the factor of the
    /// side.</summary>
    public static Tensor<T> Weights<T>(Tape<T> tape, ReadOnlySpan<bool> trackerSide, double scale = 1, SegmentLossTerms? terms = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        terms ??= SegmentLossTerms.Default;
        int tracker = trackerSide.Count(true);
        T near = T.CreateTruncating(scale * terms.TrackerSide / Math.Max(1, tracker));
        T far = T.CreateTruncating(scale * terms.CalorimeterSide / Math.Max(1, trackerSide.Length - tracker));
        Tensor<T> weights = tape.Allocate(trackerSide.Length, 1);
        Span<T> values = weights.Values;
        for (int e = 0; e < values.Length; e++)
        {
            values[e] = trackerSide[e] ? near : far;
        }

        return weights;
    }

    /// <summary>Cross-entropy of logits (predict, then track).</summary>
    public static Tensor<T> CrossEntropy<T>(Tensor<T> logits, ReadOnlySpan<bool> labels, Tensor<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            BinaryCrossEntropy<T>.Apply(logits, Indicators(logits.Tape, labels), weights);

    /// <summary>Hamming distance of the assignment at costs 1 - p to the labels (predict and track); its gradient passes the assignment by
    /// interpolation, see <see cref="AssignmentOptions"/>.</summary>
    public static Tensor<T> Hamming<T>(Tensor<T> logits, ReadOnlySpan<bool> labels, Tensor<T> weights, AssignmentProblem problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Distance(Assign(logits, problem), labels, weights);

    /// <summary>The assignment (1 for chosen segments) at costs 1 - p.</summary>
    public static Tensor<T> Assign<T>(Tensor<T> logits, AssignmentProblem problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BlackBoxAssignment<T>.Apply(Sigmoid<T>.Apply(Scale<T>.Apply(logits, -1)), problem);

    /// <summary>Weighted Hamming distance of indicators to labels: sum of w (a (1 - y) + (1 - a) y).</summary>
    public static Tensor<T> Distance<T>(Tensor<T> chosen, ReadOnlySpan<bool> labels, Tensor<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tape<T> tape = chosen.Tape;
        Tensor<T> signs = tape.Allocate(chosen.Rows, chosen.Columns);
        Span<T> sign = signs.Values;
        ReadOnlySpan<T> weight = weights.Values;
        double missing = 0;
        for (int e = 0; e < sign.Length; e++)
        {
            sign[e] = labels[e] ? -weight[e] : weight[e];
            missing += labels[e] ? double.CreateTruncating(weight[e]) : 0;
        }

        Tensor<T> wanted = tape.Constant([T.CreateTruncating(missing)], 1, 1);
        return Add<T>.Apply(Sum<T>.Apply(Multiply<T>.Apply(chosen, signs)), wanted);
    }

    /// <summary>1 where a segment is named, else 0.</summary>
    public static Tensor<T> Indicators<T>(Tape<T> tape, ReadOnlySpan<bool> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> indicators = tape.Allocate(labels.Length, 1);
        Span<T> values = indicators.Values;
        for (int e = 0; e < values.Length; e++)
        {
            values[e] = labels[e] ? T.One : T.Zero;
        }

        return indicators;
    }
}

/// <summary>Factors of the loss's terms. All are 1; analyses and tests look at terms one by one.</summary>
internal sealed record SegmentLossTerms
{
    /// <summary>Factor of the cross-entropy.</summary>
    public double CrossEntropy { get; init; } = 1;

    /// <summary>Factor of the Hamming distance.</summary>
    public double Hamming { get; init; } = 1;

    /// <summary>Factor of the error of ranges.</summary>
    public double Range { get; init; } = 1;

    /// <summary>Factor of segments on the tracker's side.</summary>
    public double TrackerSide { get; init; } = 1;

    /// <summary>Factor of all other segments.</summary>
    public double CalorimeterSide { get; init; } = 1;

    /// <summary>All 1.</summary>
    public static SegmentLossTerms Default { get; } = new();
}
