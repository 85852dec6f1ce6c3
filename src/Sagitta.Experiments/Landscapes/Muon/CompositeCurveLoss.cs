namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>The loss of one group of events for training a curve, by the same chunk of work as the training itself.</summary>
internal sealed class CompositeCurveLoss : ISampledLoss, IDisposable
{
    private readonly MuonSample _sample;
    private readonly MuonTrainingChunk[] _chunks;
    private readonly double _fit;

    /// <summary>A loss over events, with or without the fit terms.</summary>
    public CompositeCurveLoss(MuonSample sample, MuonLossOptions options, bool withFit, int workers)
    {
        _sample = sample;
        _fit = options.Fit;
        _chunks = [.. Enumerable.Range(0, workers).Select(
            _ => new MuonTrainingChunk(sample.Chain, options with { EndToEnd = withFit }, MuonSample.GroupSize))];
    }

    /// <inheritdoc />
    public ParameterLayout Layout => _sample.Chain.Scorer.Layout;

    /// <inheritdoc />
    public int Items => _sample.Groups.Length;

    /// <inheritdoc />
    public double AddGradient(int item, int worker, double share, ParameterVector<float> parameters, ParameterVector<float> gradient)
    {
        // The sample's weights make sums over groups means; one group in a batch stands for all of them.
        double factor = share * Items;
        MuonBatchScale scale = _sample.Scale with
        {
            PerTrueHit = (float)(factor * _sample.Scale.PerTrueHit),
            PerOtherHit = (float)(factor * _sample.Scale.PerOtherHit),
            PerEvent = factor * _sample.Scale.PerEvent,
        };
        MuonLoss loss = _chunks[worker].Run(_sample.Events, _sample.Groups[item], _sample.ReferenceSigma, scale, parameters, gradient);
        return (loss.Classification + (_fit * loss.Fit)) / share;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (MuonTrainingChunk chunk in _chunks)
        {
            chunk.Dispose();
        }
    }
}
