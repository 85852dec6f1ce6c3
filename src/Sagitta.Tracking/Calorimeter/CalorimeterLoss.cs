using System.Numerics;

namespace Sagitta.Tracking.Calorimeter;

/// <summary>The loss of a method on one frame, for training and for everything that looks at the loss afterwards: cross-entropy of scores,
/// or the Hamming distance through the assignment, with the error of ranges and a share of cross-entropy where the method has them. Memory
/// of its own: one object a thread.</summary>
internal sealed class CalorimeterLoss : IDisposable
{
    private readonly CalorimeterMethodOptions _method;
    private readonly SegmentLossTerms _terms;
    private readonly AssignmentProblem _problem = new();
    private readonly RangeLossProblem? _ranges;

    /// <summary>The loss of a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="geometry">The calorimeter, for ranges; the shipped one if null.</param>
    /// <param name="terms">Factors of the terms; all 1 if null.</param>
    public CalorimeterLoss(CalorimeterMethodOptions method, CalorimeterGeometry? geometry = null, SegmentLossTerms? terms = null)
    {
        _method = method;
        _terms = terms ?? SegmentLossTerms.Default;
        _problem.Options = method.Assignment;
        if (method.RangeWeight > 0)
        {
            geometry ??= CalorimeterGeometry.Load(TrackingCalorimeterFile.Shipped);
            _ranges = new(geometry.Depths, new() { LargestGradient = method.RangeClip > 0 ? method.RangeClip : double.PositiveInfinity });
        }
    }

    /// <summary>The loss of a frame times <paramref name="scale"/>.</summary>
    /// <param name="logits">Scores of its segments.</param>
    /// <param name="input">Its segments.</param>
    /// <param name="share">One over the frames of a step.</param>
    /// <param name="scale">What the loss was multiplied by: the share, or 1. The gradient behind the assignment is a difference of two
    /// solutions, so the loss's scale decides how far costs move, not how large the gradient is.</param>
    /// <param name="crossEntropy">Whether to take the cross-entropy whatever the method says.</param>
    public Tensor<T> Of<T>(Tensor<T> logits, SegmentInput input, double share, out double scale, bool crossEntropy = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SegmentGraph graph = input.Graph;
        scale = share;
        if (crossEntropy || _method.Name == CalorimeterMethodKind.PredictThenTrack)
        {
            return CrossEntropy(logits, graph, share);
        }

        scale = _method.ScaleBeforeSolving ? share : 1;
        _problem.Set(graph.Offsets, graph.Shallower, graph.Hits, _method.Margin != 0 ? graph.Label : default);
        Tensor<T> chosen = SegmentLoss.Assign(logits, _problem);
        Tensor<T> loss = SegmentLoss.Distance(chosen, graph.Label,
            SegmentLoss.Weights(logits.Tape, graph.TrackerSide, scale * _terms.Hamming, _terms));
        if (_ranges is not null)
        {
            _ranges.Set(input.Frame, graph);
            loss = Add<T>.Apply(loss, Scale<T>.Apply(
                RangeLoss<T>.Apply(chosen, _ranges), scale * _method.RangeWeight * _terms.Range));
        }

        return _method.CrossEntropyShare > 0 ? Add<T>.Apply(loss, CrossEntropy(logits, graph, share * _method.CrossEntropyShare)) : loss;
    }

    /// <summary>Cross-entropy and Hamming distance of given scores and chosen segments, without a gradient.</summary>
    public (double CrossEntropy, double Hamming) ValuesOf(Tape<double> tape, ReadOnlySpan<float> logits, ReadOnlySpan<bool> chosen,
        SegmentGraph graph)
    {
        tape.Reset();
        Tensor<double> scores = tape.Allocate(logits.Length, 1);
        for (int e = 0; e < logits.Length; e++)
        {
            scores.Values[e] = logits[e];
        }

        Tensor<double> weights = SegmentLoss.Weights(tape, graph.TrackerSide, _terms.Hamming, _terms);
        return (CrossEntropy(scores, graph, 1).Values[0],
            SegmentLoss.Distance(SegmentLoss.Indicators(tape, chosen), graph.Label, weights).Values[0]);
    }

    public void Dispose() => _ranges?.Dispose();

    private Tensor<T> CrossEntropy<T>(Tensor<T> logits, SegmentGraph graph, double scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SegmentLoss.CrossEntropy(
            logits, graph.Label, SegmentLoss.Weights(logits.Tape, graph.TrackerSide, scale * _terms.CrossEntropy, _terms));
}
