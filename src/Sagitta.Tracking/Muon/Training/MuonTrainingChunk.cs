using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sagitta.Tracking.Muon.Training;

/// <summary>
/// Forward and backward pass of one chunk of a batch: scores and cross-entropy in float, each event on a tape of its own; clusters, fit
/// and fit terms of all events together in double on another. They meet at the logits of the weights: their values go over, and, end to
/// end, their gradient comes back. What one event needs fits the second-level cache, and fits of many events share vectors.
/// </summary>
internal sealed class MuonTrainingChunk : IDisposable
{
    private readonly MuonChain _chain;
    private readonly MuonLossOptions _loss;
    private readonly MuonReading.Soft _reading;
    private readonly MuonEventPass[] _passes;
    private readonly Segments _planeHits = new();
    private readonly Tape<double> _fit = new();
    private readonly Arena _backward = new();

    public MuonTrainingChunk(MuonChain chain, MuonLossOptions loss, int chunkSize)
    {
        _passes = [.. Enumerable.Range(0, chunkSize).Select(_ => new MuonEventPass(chain, loss.WeightClassification, _backward))];
        _chain = chain;
        _loss = loss;
        _reading = loss.Reading;
    }

    /// <summary>The graphs that it reuses.</summary>
    public IEnumerable<HitGraph> Graphs => _passes.Select(p => p.Graph);

    /// <summary>Bytes of all tapes.</summary>
    public long Capacity => _fit.Capacity + _backward.Capacity + _passes.Sum(p => p.Capacity);

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
        double classification = 0;
        for (int i = 0; i < selection.Length; i++)
        {
            classification += _passes[i].Forward(events, selection[i], scale, parameters, gradients);
        }

        MuonLoss loss = FitTerms(events, selection, referenceSigma, scale,
            out Tensor<double> scores) with
        { Classification = classification };
        ReadOnlySpan<double> toScores = scores.Gradient;
        int end = scores.Rows;

        // Last to first: what the forward pass left in the caches last is used first.
        for (int i = selection.Length - 1; i >= 0; i--)
        {
            int first = end - _passes[i].Hits;
            _passes[i].Backward(toScores.IsEmpty ? [] : toScores[first..end], _loss.Sharpness);
            end = first;
        }

        return loss;
    }

    public void Dispose()
    {
        foreach (MuonEventPass pass in _passes)
        {
            pass.Dispose();
        }

        _fit.Dispose();
        _backward.Dispose();
    }

    private MuonLoss FitTerms(EventSet events, ReadOnlySpan<int> selection, ReadOnlySpan<double> referenceSigma, in MuonBatchScale scale,
        out Tensor<double> scores)
    {
        _fit.Reset();
        _planeHits.Clear();
        int hits = 0;
        for (int i = 0; i < selection.Length; i++)
        {
            hits += _passes[i].Hits;
            _passes[i].AppendPlanes(_planeHits);
        }

        scores = _fit.Allocate(hits, 1, requiresGradient: _loss.EndToEnd && scale.FitFactor > 0);
        Span<double> target = scores.Values;
        for (int i = 0; i < selection.Length; i++)
        {
            ReadOnlySpan<float> logits = _passes[i].WeightLogits;
            for (int hit = 0; hit < logits.Length; hit++)
            {
                target[hit] = _reading.WeightLogit(logits[hit]);
            }

            target = target[logits.Length..];
        }

        FittedEvents fitted = _chain.Tracks.Apply(scores, logits: true, events, selection, _planeHits);
        Span<double> truth = _fit.Scratch<double>(selection.Length);
        Span<double> unit = _fit.Scratch<double>(selection.Length);
        for (int i = 0; i < selection.Length; i++)
        {
            truth[i] = events.TruthMuon[selection[i]] != 0 ? events.TruthQOverPt[selection[i]] : 0;
            unit[i] = referenceSigma[selection[i]];
        }

        Tensor<double> residual = Sum<double>.Apply(CurvatureLoss.Apply(fitted.Track, fitted.Statuses, truth, unit, _chain.Robust));
        Tensor<double> likelihood = Sum<double>.Apply(
            TrackLikelihood.Apply(_chain.Geometry, fitted.Track, fitted.Statuses, fitted.Clusters.Centroid, fitted.Clusters.Sigma,
                fitted.Clusters.Presence));
        int failed = 0;
        foreach (SolveStatus status in fitted.Statuses)
        {
            failed += status == SolveStatus.Converged ? 0 : 1;
        }

        if (scores.RequiresGradient)
        {
            _fit.PrepareGradients();
            residual.Gradient[0] = _loss.Fit * scale.FitFactor * scale.PerEvent;
            likelihood.Gradient[0] = _loss.Likelihood * scale.FitFactor * scale.PerEvent / _chain.Geometry.PlaneCount;
            _fit.Backward();
            LimitPerEvent(events, selection, scores.Gradient, _loss.EventClip * scale.FitFactor * scale.PerEvent);
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
