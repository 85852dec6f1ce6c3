using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sagitta.Tracking.Muon.Training;

/// <summary>
/// Forward and backward pass of one chunk of a batch: scores and cross-entropy in float, each event on a tape of its own; clusters, fit
/// and fit terms of all events together in double on another. They meet at the logits of the weights: their values go over, and, end to
/// end, their gradient comes back. What one event needs fits the second-level cache, and fits of many events share vectors.
/// </summary>
internal sealed class MuonTrainingChunk : IDisposable
{
    private readonly MuonLoss _loss;
    private readonly MuonReading.Soft _reading;
    private readonly EventPass[] _passes;
    private readonly Segments _planeHits = new();
    private readonly Tape<double> _fit = new();
    private readonly Arena _backward = new();
    private readonly ParameterVector<double>? _stage;
    private readonly ParameterVector<double>? _toStage;

    public MuonTrainingChunk(MuonLoss loss, int chunkSize)
    {
        _loss = loss;
        if (loss.Chain.Options.Measurement.Enabled && loss.Options.ReachesNetwork)
        {
            // The measurement stage is of the fits and in their precision.
            _stage = new(loss.Chain.Scorer.Layout);
            _toStage = new(loss.Chain.Scorer.Layout);
        }

        _reading = loss.Options.Reading;
        _passes = [.. Enumerable.Range(0, chunkSize).Select(_ => new EventPass(loss, _backward))];
    }

    /// <summary>The graphs that it reuses.</summary>
    public IEnumerable<HitGraph> Graphs => _passes.Select(p => p.Graph);

    /// <summary>Bytes of all tapes.</summary>
    public long Capacity => _fit.Capacity + _backward.Capacity + _passes.Sum(p => p.Capacity);

    /// <summary>
    /// Adds the gradient of the chunk's share of the batch's loss to <paramref name="gradients"/> and returns that share.
    /// <paramref name="units"/> holds, for every event of <paramref name="events"/>, one unit of residual in 1/GeV.
    /// </summary>
    public MuonLossTerms Run(
        EventSet events,
        ReadOnlySpan<int> selection,
        ReadOnlySpan<double> units,
        in MuonBatchScale scale,
        ParameterVector<float> parameters,
        ParameterVector<float> gradients)
    {
        double classification = 0;
        int hits = 0;
        for (int i = 0; i < selection.Length; i++)
        {
            classification += _passes[i].Forward(events, selection.Slice(i, 1), scale, parameters, gradients);
            hits += _passes[i].Hits;
        }

        _fit.Reset();
        _stage?.CopyFrom(parameters);
        _fit.Bind(_stage, _toStage);
        Tensor<double> weights = _fit.Allocate(hits, 1, requiresGradient: _loss.Options.ReachesNetwork && scale.FitFactor > 0);
        Span<double> target = weights.Values;
        for (int i = 0; i < selection.Length; i++)
        {
            ReadOnlySpan<float> logits = _passes[i].WeightLogits;
            for (int hit = 0; hit < logits.Length; hit++)
            {
                target[hit] = _reading.WeightLogit(logits[hit]);
            }

            target = target[logits.Length..];
        }

        MuonFitTerms fit = _loss.Fit(weights, events, selection, units, scale, _planeHits);
        if (weights.RequiresGradient)
        {
            _fit.Backward(fit.Back);
            AddTo(gradients);
            LimitPerEvent(events.Hits, selection, weights.Gradient, _loss.Options.EventClip * scale.FitFactor * scale.PerEvent);
        }

        // Last to first: what the forward pass left in the caches last is used first.
        ReadOnlySpan<double> toWeights = weights.Gradient;
        for (int i = selection.Length - 1; i >= 0; i--)
        {
            hits -= _passes[i].Hits;
            _passes[i].Backward(toWeights.IsEmpty ? [] : toWeights.Slice(hits, _passes[i].Hits), _loss.Options.Sharpness);
        }

        return new(classification, fit.Residual, fit.Likelihood, fit.FailedFits)
        {
            Total = classification + fit.Sum.Values[0],
            Local = fit.Local,
        };
    }

    public void Dispose()
    {
        foreach (EventPass pass in _passes)
        {
            pass.Dispose();
        }

        _fit.Dispose();
        _stage?.Dispose();
        _toStage?.Dispose();
        _backward.Dispose();
    }

    private void AddTo(ParameterVector<float> gradients)
    {
        if (_toStage is not null)
        {
            Span<double> own = _toStage.Values;
            Span<float> all = gradients.Values;
            for (int i = 0; i < own.Length; i++)
            {
                all[i] += (float)own[i];
            }

            own.Clear();
        }
    }

    // One event with a lever arm of its own must not outvote the batch.
    private static void LimitPerEvent(HitSet hits, ReadOnlySpan<int> selection, Span<double> gradient, double limit)
    {
        int first = 0;
        foreach (int e in selection)
        {
            Span<double> own = gradient.Slice(first, hits.Offsets[e + 1] - hits.Offsets[e]);
            first += own.Length;
            double norm = TensorPrimitives.Norm<double>(own);
            if (norm > limit)
            {
                TensorPrimitives.Multiply(own, limit / norm, own);
            }
        }
    }

    // Graph, scores and cross-entropy of one event. Passes that go backward one after another share the memory of gradients.
    private sealed class EventPass(MuonLoss loss, Arena backward) : IDisposable
    {
        private readonly Tape<float> _tape = new(backward: backward);
        private HitLogits<float> _logits;
        private Tensor<float> _classification;

        public HitGraph Graph { get; } = new();
        public int Hits => Graph.Hits;
        public long Capacity => _tape.Capacity;

        // For each hit the logit of its weight in the fit, valid until the next forward pass.
        public ReadOnlySpan<float> WeightLogits => _logits.Weight.Values;

        public float Forward(EventSet events, ReadOnlySpan<int> number, in MuonBatchScale scale, ParameterVector<float> parameters,
            ParameterVector<float> gradients)
        {
            loss.Chain.Graphs.Build(events.Hits, number, Graph);
            _tape.Reset();
            _tape.Bind(parameters, gradients);
            _logits = loss.Chain.Scorer.Forward(_tape, Graph);
            _classification = loss.Classification(_logits, events, number, scale);
            return _classification.Values[0];
        }

        // Adds the gradients of the cross-entropies and, times the sharpness, the one that comes back from the fit, a number for each hit
        // or none.
        public void Backward(ReadOnlySpan<double> toWeights, double sharpness)
        {
            _tape.PrepareGradients();
            Span<float> toLogits = _logits.Weight.Gradient;
            for (int hit = 0; hit < toWeights.Length; hit++)
            {
                toLogits[hit] += (float)(sharpness * toWeights[hit]);
            }

            _classification.Gradient[0] = 1;
            _tape.Backward();
        }

        public void Dispose() => _tape.Dispose();
    }
}
