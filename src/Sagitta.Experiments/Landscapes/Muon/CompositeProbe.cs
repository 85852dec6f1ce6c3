namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>The composite loss and its terms over events: scores in float as in reconstruction, fits in double.</summary>
internal sealed class CompositeProbe : IProbe, IDisposable
{
    /// <summary>Names of the quantities.</summary>
    public const string Composite = "composite loss", Classification = "classification", Fit = "fit term";

    private readonly MuonSample _sample;
    private readonly MuonLossOptions _options;
    private readonly (ParameterVector<float> Parameters, Tape<float> Network, Tape<double> Fit)[] _workers;

    /// <summary>A probe over events.</summary>
    public CompositeProbe(MuonSample sample, MuonLossOptions options, int workers)
    {
        _sample = sample;
        _options = options;
        _workers = [.. Enumerable.Range(0, workers).Select(
            _ => (new ParameterVector<float>(sample.Chain.Scorer.Layout), new Tape<float>(recording: false),
            new Tape<double>(recording: false)))];
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Quantities { get; } = [Composite, Classification, Fit];

    /// <inheritdoc />
    public void Measure(int worker, ReadOnlySpan<double> parameters, Span<double> values)
    {
        (ParameterVector<float> vector, Tape<float> network, Tape<double> fit) = _workers[worker];
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
            Tensor<double> classification = CompositeTerms.Classification(wide, _sample, group, _options);
            (Tensor<double> residual, Tensor<double> likelihood) = CompositeTerms.Fit(wide.Weight, _sample, group, _options);
            values[0] += classification.Values[0] + (_options.Fit * residual.Values[0]) + (_options.Likelihood * likelihood.Values[0]);
            values[1] += classification.Values[0];
            values[2] += residual.Values[0];
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

    /// <inheritdoc />
    public void Dispose()
    {
        foreach ((ParameterVector<float> parameters, Tape<float> network, Tape<double> fit) in _workers)
        {
            parameters.Dispose();
            network.Dispose();
            fit.Dispose();
        }
    }
}
