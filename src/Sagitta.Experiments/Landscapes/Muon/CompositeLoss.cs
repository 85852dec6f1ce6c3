using Sagitta.Autodiff.Operations;
using Sagitta.Autodiff.Parallelism;
using Sagitta.Autodiff.Tensors;
using Sagitta.Experiments.Muon;

namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>
/// The composite loss of the muon system in double precision, the gradient of the fit passing to the scores: cross-entropy of hits plus the weighted fit terms, or
/// the cross-entropy alone.
/// </summary>
public sealed class CompositeLoss : ILoss, IDisposable
{
    private readonly MuonSample _sample;
    private readonly MuonLossOptions _options;
    private readonly bool _withFit;
    private readonly WorkerThreads _threads;
    private readonly ParameterVector<double> _parameters;
    private readonly ParameterVector<double> _total;
    private readonly ParameterVector<double>[] _gradients;
    private readonly ChunkReduction<double> _reduction;
    private readonly Tape<double>[] _tapes;
    private readonly double[] _losses;
    private readonly Action<int, int> _work;

    /// <summary>A loss over events.</summary>
    /// <param name="sample">The events.</param>
    /// <param name="options">Weights of the terms, at the end of the warm-up.</param>
    /// <param name="withFit">Whether the fit terms count.</param>
    /// <param name="threads">Threads; each group of events is one chunk.</param>
    public CompositeLoss(MuonSample sample, MuonLossOptions options, bool withFit, WorkerThreads threads)
    {
        _sample = sample;
        _options = options;
        _withFit = withFit;
        _threads = threads;
        _parameters = new(Layout);
        _total = new(Layout);
        _gradients = [.. sample.Groups.Select(_ => new ParameterVector<double>(Layout))];
        _reduction = new(_gradients);
        _tapes = [.. Enumerable.Range(0, threads.Count).Select(_ => new Tape<double>())];
        _losses = new double[sample.Groups.Length];
        _work = Group;
    }

    /// <inheritdoc />
    public ParameterLayout Layout => _sample.Chain.Scorer.Layout;

    /// <inheritdoc />
    public double Gradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        parameters.CopyTo(_parameters.Values);
        _threads.Run(_losses.Length, _work);
        _reduction.SumInto(_total, _losses.Length, _threads);
        _total.Values.CopyTo(gradient);
        return _losses.Sum();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _parameters.Dispose();
        _total.Dispose();
        foreach (ParameterVector<double> gradient in _gradients)
        {
            gradient.Dispose();
        }

        foreach (Tape<double> tape in _tapes)
        {
            tape.Dispose();
        }
    }

    private void Group(int group, int worker)
    {
        Tape<double> tape = _tapes[worker];
        tape.Reset();
        tape.Bind(_parameters, _gradients[group]);
        Tensor<double> logits = _sample.Chain.Scorer.Forward(tape, _sample.Graphs[group]);
        Tensor<double> loss = CompositeTerms.Classification(logits, _sample, group);
        if (_withFit)
        {
            (Tensor<double> fit, Tensor<double> likelihood) = CompositeTerms.Fit(logits, _sample, group, _options);
            loss = Add<double>.Apply(loss, Scale<double>.Apply(fit, _options.Fit));
            loss = Add<double>.Apply(loss, Scale<double>.Apply(likelihood, _options.Likelihood));
        }

        tape.Backward(loss);
        _losses[group] = loss.Values[0];
    }
}
