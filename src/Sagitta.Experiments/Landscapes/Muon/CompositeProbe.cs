using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>The composite loss and its terms over events: scores in float as in reconstruction, fits in double.</summary>
internal sealed class CompositeProbe(MuonSample sample, MuonLoss loss, int workers) : IProbe, IDisposable
{
    /// <summary>Names of the quantities.</summary>
    public const string Composite = "composite loss", Classification = "classification", Fit = "fit term";

    private readonly (ParameterVector<float> Parameters, Tape<float> Network, Tape<double> Fit, Segments Planes)[] _workers =
        [.. Enumerable.Range(0, workers).Select(_ => (new ParameterVector<float>(sample.Chain.Scorer.Layout),
            new Tape<float>(recording: false), new Tape<double>(recording: false), new Segments()))];

    public IReadOnlyList<string> Quantities { get; } = [Composite, Classification, Fit];

    public void Measure(int worker, ReadOnlySpan<double> parameters, Span<double> values)
    {
        (ParameterVector<float> vector, Tape<float> network, Tape<double> fit, Segments planes) = _workers[worker];
        TensorPrimitives.ConvertTruncating(parameters, vector.Values);
        values.Clear();
        for (int group = 0; group < sample.Groups.Length; group++)
        {
            network.Reset();
            network.Bind(vector);
            HitLogits<float> logits = sample.Chain.Scorer.Forward(network, sample.Graphs[group]);
            fit.Reset();
            HitLogits<double> wide = new(Widened(fit, logits.Score), Widened(fit, logits.Weight));
            int[] selection = sample.Groups[group];
            double classification = loss.Classification(wide, sample.Events, selection, sample.Scale).Values[0];
            MuonFitTerms terms = loss.Fit(loss.Options.Reading.WeightLogits(wide.Weight), sample.Events, selection,
                sample.ReferenceSigma, sample.Scale, planes);
            values[0] += classification + terms.Sum.Values[0];
            values[1] += classification;
            values[2] += terms.Residual;
        }
    }

    private static Tensor<double> Widened(Tape<double> tape, Tensor<float> narrow)
    {
        Tensor<double> wide = tape.Allocate(narrow.Rows, narrow.Columns);
        TensorPrimitives.ConvertTruncating<float, double>(narrow.Values, wide.Values);
        return wide;
    }

    public void Dispose() => _workers.SelectMany(w => new IDisposable[] { w.Parameters, w.Network, w.Fit }).DisposeAll();
}

/// <summary>The loss of one group of events for training a curve, by the same chunk of work as the training itself.</summary>
internal sealed class CompositeCurveLoss(MuonSample sample, MuonLoss loss, int workers) : ISampledLoss, IDisposable
{
    private readonly MuonTrainingChunk[] _chunks =
        [.. Enumerable.Range(0, workers).Select(_ => new MuonTrainingChunk(loss, MuonSample.GroupSize))];

    public ParameterLayout Layout => sample.Chain.Scorer.Layout;
    public int Items => sample.Groups.Length;

    public double AddGradient(int item, int worker, double share, ParameterVector<float> parameters, ParameterVector<float> gradient)
    {
        // The sample's weights make sums over groups means; one group in a batch stands for all of them.
        double factor = share * Items;
        MuonBatchScale scale = sample.Scale with
        {
            PerTrueHit = (float)(factor * sample.Scale.PerTrueHit),
            PerOtherHit = (float)(factor * sample.Scale.PerOtherHit),
            PerEvent = factor * sample.Scale.PerEvent,
        };
        MuonLossTerms terms = _chunks[worker].Run(sample.Events, sample.Groups[item], sample.ReferenceSigma, scale, parameters, gradient);
        return (loss.Options.EndToEnd ? terms.Total : terms.Classification) / share;
    }

    public void Dispose() => _chunks.DisposeAll();
}
