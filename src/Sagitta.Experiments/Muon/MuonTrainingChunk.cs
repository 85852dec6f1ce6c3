using Sagitta.Autodiff.Operations;
using Sagitta.Autodiff.Solvers;
using Sagitta.Autodiff.Tensors;
using Sagitta.Physics.Events;
using Sagitta.Reconstruction.Fitting;
using Sagitta.Reconstruction.Graphs;
using Sagitta.Reconstruction.Tracks;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sagitta.Experiments.Muon;

/// <summary>
/// Forward and backward pass of one chunk of a batch: graph, scores and cross-entropy in float on one tape, clusters, fit and fit
/// terms in double on another. The two meet at the logits: their values go over, and, end to end, their gradient comes back.
/// </summary>
internal sealed class MuonTrainingChunk : IDisposable
{
    private readonly MuonChain _chain;
    private readonly MuonLossOptions _loss;
    private readonly HitGraph _graph = new();
    private readonly Tape<float> _network = new();
    private readonly Tape<double> _fit = new();

    public MuonTrainingChunk(MuonChain chain, MuonLossOptions loss)
    {
        _chain = chain;
        _loss = loss;
    }

    /// <summary>Bytes of both tapes.</summary>
    public long Capacity => _network.Capacity + _fit.Capacity;

    /// <summary>
    /// Adds the gradient of the chunk's share of the batch's loss to <paramref name="gradients"/> and returns that share.
    /// <paramref name="referenceSigma"/> holds, for every event of <paramref name="events"/>, one unit of residual in 1/GeV.
    /// </summary>
    public MuonLoss Run(
        EventSet events,
        ReadOnlySpan<int> selection,
        ReadOnlySpan<double> referenceSigma,
        in MuonBatchScale scale,
        ParameterVector<float> parameters,
        ParameterVector<float> gradients)
    {
        _chain.Graphs.Build(events, selection, _graph);
        _network.Reset();
        _network.Bind(parameters, gradients);
        Tensor<float> logits = _chain.Scorer.Forward(_network, _graph);
        Tensor<float> labels = _network.Allocate(logits.Rows, 1);
        Tensor<float> weights = _network.Allocate(logits.Rows, 1);
        int row = 0;
        foreach (int e in selection)
        {
            for (int hit = events.HitOffsets[e]; hit < events.HitOffsets[e + 1]; hit++, row++)
            {
                labels.Values[row] = events.LabelHit[hit];
                weights.Values[row] = events.LabelHit[hit] != 0 ? scale.PerTrueHit : scale.PerOtherHit;
            }
        }

        Tensor<float> classification = BinaryCrossEntropy<float>.Apply(logits, labels, weights);
        _network.PrepareGradients();
        MuonLoss loss = FitTerms(events, selection, referenceSigma, scale, logits) with { Classification = classification.Values[0] };
        classification.Gradient[0] = 1;
        _network.Backward();
        return loss;
    }

    public void Dispose()
    {
        _network.Dispose();
        _fit.Dispose();
    }

    private MuonLoss FitTerms(EventSet events, ReadOnlySpan<int> selection, ReadOnlySpan<double> referenceSigma, in MuonBatchScale scale, Tensor<float> logits)
    {
        _fit.Reset();
        Tensor<double> scores = _fit.Allocate(logits.Rows, 1, requiresGradient: _loss.EndToEnd);
        for (int i = 0; i < logits.Rows; i++)
        {
            scores.Values[i] = _loss.Sharpness * logits.Values[i];
        }

        FittedEvents fitted = _chain.Tracks.Apply(scores, logits: true, events, selection, _graph.PlaneHits);
        Span<double> truth = _fit.Scratch<double>(selection.Length);
        Span<double> unit = _fit.Scratch<double>(selection.Length);
        for (int i = 0; i < selection.Length; i++)
        {
            truth[i] = events.TruthMuon[selection[i]] != 0 ? events.TruthQOverPt[selection[i]] : 0;
            unit[i] = referenceSigma[selection[i]];
        }

        Tensor<double> residual = Sum<double>.Apply(CurvatureLoss.Apply(fitted.Track, fitted.Statuses, truth, unit, _chain.Robust));
        Tensor<double> likelihood = Sum<double>.Apply(
            TrackLikelihood.Apply(_chain.Geometry, fitted.Track, fitted.Statuses, fitted.Clusters.Centroid, fitted.Clusters.Sigma, fitted.Clusters.Presence));
        int failed = 0;
        foreach (SolveStatus status in fitted.Statuses)
        {
            failed += status == SolveStatus.Converged ? 0 : 1;
        }

        if (_loss.EndToEnd && scale.FitFactor > 0)
        {
            _fit.PrepareGradients();
            residual.Gradient[0] = _loss.Fit * scale.FitFactor * scale.PerEvent;
            likelihood.Gradient[0] = _loss.Likelihood * scale.FitFactor * scale.PerEvent / _chain.Geometry.PlaneCount;
            _fit.Backward();
            Span<float> target = logits.Gradient;
            Span<double> source = scores.Gradient;
            LimitPerEvent(events, selection, source, _loss.EventClip * scale.FitFactor * scale.PerEvent);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] += (float)(_loss.Sharpness * source[i]);
            }
        }

        return new(0, residual.Values[0] * scale.PerEvent, likelihood.Values[0] * scale.PerEvent / _chain.Geometry.PlaneCount, failed);
    }

    // One event with a lever arm of its own must not outvote the batch.
    private static void LimitPerEvent(EventSet events, ReadOnlySpan<int> selection, Span<double> gradient, double limit)
    {
        int first = 0;
        foreach (int e in selection)
        {
            Span<double> own = gradient.Slice(first, events.HitOffsets[e + 1] - events.HitOffsets[e]);
            first += own.Length;
            double norm = TensorPrimitives.Norm<double>(own);
            if (norm > limit)
            {
                TensorPrimitives.Multiply(own, limit / norm, own);
            }
        }
    }
}
