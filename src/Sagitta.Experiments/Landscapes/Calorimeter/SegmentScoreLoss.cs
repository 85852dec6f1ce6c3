namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>A loss of segment scores p with running averages held fixed, the mean over frames: the cross-entropy of training, or a sum of s
/// p over segments with fixed slopes s. With the slopes that the loss sends through the assignment at the centre
/// (<see cref="AssignmentSlopes"/>) the second is the stand-in for the Hamming loss: that loss is piecewise constant, and its published
/// Hessian holds the gradient at the scores fixed too, H = sum of s times the Hessian of p. It has the value of a slope, not of the Hamming
/// loss.</summary>
internal sealed class SegmentScoreLoss : ChunkedLoss
{
    private readonly SegmentScorer _network;
    private readonly IReadOnlyList<LandscapeFrame> _frames;
    private readonly IReadOnlyList<double[]>? _slopes;
    private readonly double _share;
    private readonly SegmentLossTerms? _terms;

    /// <summary>A loss over frames, each of which is one chunk; without slopes of every segment's score the cross-entropy.</summary>
    public SegmentScoreLoss(SegmentScorer network, IReadOnlyList<LandscapeFrame> frames, WorkerThreads threads,
        IReadOnlyList<double[]>? slopes = null, SegmentLossTerms? terms = null)
        : base(network.Layout, Active(frames, slopes).Count(), threads)
    {
        int[] active = [.. Active(frames, slopes)];
        _network = network;
        _terms = terms;
        _share = 1.0 / frames.Count;
        _frames = [.. active.Select(i => frames[i])];
        _slopes = slopes is null ? null : [.. active.Select(i => slopes[i])];
    }

    /// <summary>Frames that contribute: all with the cross-entropy, those with a slope other than zero else.</summary>
    public int ActiveFrames => _frames.Count;

    private protected override Tensor<double> LossOf(Tape<double> tape, int chunk)
    {
        SegmentInput input = _frames[chunk].Input;
        Tensor<double> logits = _network.Forward(tape, input);
        using CalorimeterLoss loss = new(new(), terms: _terms);
        return _slopes is null
            ? loss.Of(logits, input, _share, out _)
            : Scale<double>.Apply(Sum<double>.Apply(Multiply<double>.Apply(
                Sigmoid<double>.Apply(logits), tape.Constant(_slopes[chunk], logits.Rows, 1))), _share);
    }

    private static IEnumerable<int> Active(IReadOnlyList<LandscapeFrame> frames, IReadOnlyList<double[]>? slopes) =>
        Enumerable.Range(0, frames.Count).Where(i => slopes is null || slopes[i].Any(s => s != 0));
}
