using Sagitta.Autodiff.Operations;
using Sagitta.Autodiff.Parallelism;
using Sagitta.Autodiff.Tensors;
using Sagitta.Experiments.Muon;

namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>
/// The composite loss of the muon system in double precision, the gradient of the fit passing to the scores: cross-entropy of hits plus the weighted fit terms, or
/// the cross-entropy alone.
/// </summary>
public sealed class CompositeLoss : ChunkedLoss
{
    private readonly MuonSample _sample;
    private readonly MuonLossOptions _options;
    private readonly bool _withFit;

    /// <summary>A loss over events.</summary>
    /// <param name="sample">The events.</param>
    /// <param name="options">Weights of the terms, at the end of the warm-up.</param>
    /// <param name="withFit">Whether the fit terms count.</param>
    /// <param name="threads">Threads; each group of events is one chunk.</param>
    public CompositeLoss(MuonSample sample, MuonLossOptions options, bool withFit, WorkerThreads threads)
        : base(sample.Chain.Scorer.Layout, sample.Groups.Length, threads)
    {
        _sample = sample;
        _options = options;
        _withFit = withFit;
    }

    private protected override Tensor<double> LossOf(Tape<double> tape, int chunk)
    {
        Tensor<double> logits = _sample.Chain.Scorer.Forward(tape, _sample.Graphs[chunk]);
        Tensor<double> loss = CompositeTerms.Classification(logits, _sample, chunk);
        if (_withFit)
        {
            (Tensor<double> fit, Tensor<double> likelihood) = CompositeTerms.Fit(logits, _sample, chunk, _options);
            loss = Add<double>.Apply(loss, Scale<double>.Apply(fit, _options.Fit));
            loss = Add<double>.Apply(loss, Scale<double>.Apply(likelihood, _options.Likelihood));
        }

        return loss;
    }
}
