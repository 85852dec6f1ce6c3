namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>The loss of one frame for training a curve: the training's own (<see cref="CalorimeterLoss"/>), each frame normalised by its
/// own statistics, since between two models running averages belong to neither.</summary>
internal sealed class SegmentCurveLoss(SegmentScorer network, IReadOnlyList<LandscapeFrame> frames, CalorimeterMethodOptions method,
    int workers, SegmentLossTerms? terms = null) : ISampledLoss, IDisposable
{
    private readonly (Tape<float> Tape, SegmentMoments Moments, CalorimeterLoss Loss)[] _workers = [.. Enumerable.Range(0, workers).Select(
        _ => (new Tape<float>(), network.CreateMoments(), new CalorimeterLoss(method, terms: terms)))];

    public ParameterLayout Layout => network.Layout;
    public int Items => frames.Count;

    public double AddGradient(int item, int worker, double share, ParameterVector<float> parameters, ParameterVector<float> gradient)
    {
        SegmentInput input = frames[item].Input;
        (Tape<float> tape, SegmentMoments moments, CalorimeterLoss loss) = _workers[worker];
        Tensor<float> logits = CalorimeterChain.Score(tape, network, parameters, input, moments, gradient);
        Tensor<float> value = loss.Of(logits, input, share, out double scale);
        tape.Backward(value);
        return value.Values[0] / scale;
    }

    public void Dispose() => _workers.SelectMany(w => new IDisposable[] { w.Tape, w.Loss }).DisposeAll();
}
