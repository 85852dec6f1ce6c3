namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>
/// The loss of one frame for training a curve, each frame normalised by its own statistics: between two models running averages belong to
/// neither. Cross-entropy, or the Hamming loss through the assignment.
/// </summary>
internal sealed class SegmentCurveLoss : ISampledLoss, IDisposable
{
    private readonly SegmentScorer _network;
    private readonly IReadOnlyList<LandscapeFrame> _frames;
    private readonly bool _hamming;
    private readonly Tape<float>[] _tapes;
    private readonly SegmentMoments[] _moments;
    private readonly AssignmentProblem[] _problems;

    /// <summary>A loss over frames.</summary>
    /// <param name="network">The network.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="assignment">How the Hamming loss's gradient passes the assignment; null for the cross-entropy.</param>
    /// <param name="workers">Number of threads.</param>
    public SegmentCurveLoss(SegmentScorer network, IReadOnlyList<LandscapeFrame> frames, AssignmentOptions? assignment, int workers)
    {
        _network = network;
        _frames = frames;
        _hamming = assignment is not null;
        _tapes = [.. Enumerable.Range(0, workers).Select(_ => new Tape<float>())];
        _moments = [.. Enumerable.Range(0, workers).Select(_ => network.CreateMoments())];
        _problems = [.. Enumerable.Range(0, workers).Select(_ => new AssignmentProblem { Options = assignment ?? new() })];
    }

    /// <inheritdoc />
    public ParameterLayout Layout => _network.Layout;

    /// <inheritdoc />
    public int Items => _frames.Count;

    /// <inheritdoc />
    public double AddGradient(int item, int worker, double share, ParameterVector<float> parameters, ParameterVector<float> gradient)
    {
        SegmentInput input = _frames[item].Input;
        SegmentGraph graph = input.Graph;
        Tape<float> tape = _tapes[worker];
        tape.Reset();
        tape.Bind(parameters, gradient);
        Tensor<float> logits = _network.Forward(tape, input, _moments[worker]);
        Tensor<float> weights = SegmentLoss.Weights(tape, graph.TrackerSide, share);
        Tensor<float> loss;
        if (_hamming)
        {
            _problems[worker].Set(graph.Offsets, graph.Shallower, graph.Hits);
            loss = SegmentLoss.Hamming(logits, graph.Label, weights, _problems[worker]);
        }
        else
        {
            loss = SegmentLoss.CrossEntropy(logits, graph.Label, weights);
        }

        tape.Backward(loss);
        return loss.Values[0] / share;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Tape<float> tape in _tapes)
        {
            tape.Dispose();
        }
    }
}
