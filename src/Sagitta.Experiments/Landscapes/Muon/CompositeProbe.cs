namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>The composite loss and its terms over events: scores in float as in reconstruction, fits in double.</summary>
internal sealed class CompositeProbe : IProbe, IDisposable
{
    /// <summary>Names of the quantities.</summary>
    public const string Composite = "composite loss", Classification = "classification", Fit = "fit term";

    private readonly MuonSample _sample;
    private readonly MuonLoss _loss;
    private readonly (ParameterVector<float> Parameters, Tape<float> Network, Tape<double> Fit, Segments Planes)[] _workers;

    /// <summary>A probe over events.</summary>
    public CompositeProbe(MuonSample sample, MuonLoss loss, int workers)
    {
        _sample = sample;
        _loss = loss;
        _workers = [.. Enumerable.Range(0, workers).Select(
            _ => (new ParameterVector<float>(sample.Chain.Scorer.Layout), new Tape<float>(recording: false),
            new Tape<double>(recording: false), new Segments()))];
    }

    public IReadOnlyList<string> Quantities { get; } = [Composite, Classification, Fit];

    public void Measure(int worker, ReadOnlySpan<double> parameters, Span<double> values)
    {
        (ParameterVector<float> vector, Tape<float> network, Tape<double> fit, Segments planes) = _workers[worker];
        for (int i = 0; i < parameters.Length; i++)
        {
            vector.Values[i] = (float)parameters[i];
        }

        values.Clear();
        for (int group = 0; group < _sample.Groups.Length; group++)
        {
            network.Reset();
            network.Bind(vector);
            HitLogits<float> logits = _sample.Chain.Scorer.Forward(network, _sample.Graphs[group]);
            fit.Reset();
            HitLogits<double> wide = new(Widened(fit, logits.Score), Widened(fit, logits.Weight));
            int[] selection = _sample.Groups[group];
            double classification = _loss.Classification(wide, _sample.Events, selection, _sample.Scale).Values[0];
            MuonFitTerms terms = _loss.Fit(_loss.Options.Reading.WeightLogits(wide.Weight), _sample.Events, selection,
                _sample.ReferenceSigma, _sample.Scale, planes);
            values[0] += classification + terms.Sum.Values[0];
            values[1] += classification;
            values[2] += terms.Residual;
        }
    }

    private static Tensor<double> Widened(Tape<double> tape, Tensor<float> narrow)
    {
        Tensor<double> wide = tape.Allocate(narrow.Rows, narrow.Columns);
        for (int i = 0; i < narrow.Length; i++)
        {
            wide.Values[i] = narrow.Values[i];
        }

        return wide;
    }

    public void Dispose()
    {
        foreach ((ParameterVector<float> parameters, Tape<float> network, Tape<double> fit, _) in _workers)
        {
            parameters.Dispose();
            network.Dispose();
            fit.Dispose();
        }
    }
}

/// <summary>The loss of one group of events for training a curve, by the same chunk of work as the training itself.</summary>
internal sealed class CompositeCurveLoss : ISampledLoss, IDisposable
{
    private readonly MuonSample _sample;
    private readonly MuonTrainingChunk[] _chunks;
    private readonly bool _withFit;

    /// <summary>A loss over events, without the fit terms where they are not end to end.</summary>
    public CompositeCurveLoss(MuonSample sample, MuonLoss loss, int workers)
    {
        _sample = sample;
        _withFit = loss.Options.EndToEnd;
        _chunks = [.. Enumerable.Range(0, workers).Select(
            _ => new MuonTrainingChunk(loss, MuonSample.GroupSize))];
    }

    public ParameterLayout Layout => _sample.Chain.Scorer.Layout;
    public int Items => _sample.Groups.Length;

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
        MuonLossTerms loss = _chunks[worker].Run(_sample.Events, _sample.Groups[item], _sample.ReferenceSigma, scale, parameters, gradient);
        return (_withFit ? loss.Total : loss.Classification) / share;
    }

    public void Dispose()
    {
        foreach (MuonTrainingChunk chunk in _chunks)
        {
            chunk.Dispose();
        }
    }
}
