namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>The loss of one frame for training a curve: the training's own (<see cref="CalorimeterLoss"/>), each frame normalised by its
/// own statistics, since between two models running averages belong to neither.</summary>
internal sealed class SegmentCurveLoss : ISampledLoss, IDisposable
{
    private readonly SegmentScorer _network;
    private readonly IReadOnlyList<LandscapeFrame> _frames;
    private readonly (Tape<float> Tape, SegmentMoments Moments, CalorimeterLoss Loss)[] _workers;

    /// <summary>A loss over frames.</summary>
    /// <param name="network">The network.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="method">The method whose loss it is.</param>
    /// <param name="workers">Number of threads.</param>
    /// <param name="terms">Factors of the loss's terms; all 1 if null.</param>
    public SegmentCurveLoss(SegmentScorer network, IReadOnlyList<LandscapeFrame> frames, CalorimeterMethodOptions method, int workers,
        SegmentLossTerms? terms = null)
    {
        _network = network;
        _frames = frames;
        _workers = [.. Enumerable.Range(0, workers).Select(
            _ => (new Tape<float>(), network.CreateMoments(), new CalorimeterLoss(method, terms: terms)))];
    }

    public ParameterLayout Layout => _network.Layout;

    public int Items => _frames.Count;

    public double AddGradient(int item, int worker, double share, ParameterVector<float> parameters, ParameterVector<float> gradient)
    {
        SegmentInput input = _frames[item].Input;
        (Tape<float> tape, SegmentMoments moments, CalorimeterLoss loss) = _workers[worker];
        Tensor<float> logits = CalorimeterChain.Score(tape, _network, parameters, input, moments, gradient);
        Tensor<float> value = loss.Of(logits, input, share, out double scale);
        tape.Backward(value);
        return value.Values[0] / scale;
    }

    public void Dispose()
    {
        foreach ((Tape<float> tape, _, CalorimeterLoss loss) in _workers)
        {
            tape.Dispose();
            loss.Dispose();
        }
    }
}
