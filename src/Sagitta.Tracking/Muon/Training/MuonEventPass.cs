namespace Sagitta.Tracking.Muon.Training;

/// <summary>
/// Graph, scores and cross-entropy of one event on a tape of its own. Reused from step to step. Passes that go backward one after another
/// share the memory of gradients.
/// </summary>
internal sealed class MuonEventPass(MuonChain chain, double weightShare, Arena backward) : IDisposable
{
    private readonly HitGraph _graph = new();
    private readonly Tape<float> _tape = new(backward: backward);
    private readonly int[] _selection = new int[1];
    private HitLogits<float> _logits;
    private Tensor<float> _scoreLoss;
    private Tensor<float> _weightLoss;

    /// <summary>Hits of the event.</summary>
    public int Hits => _graph.Hits;

    /// <summary>The event's graph.</summary>
    public HitGraph Graph => _graph;

    /// <summary>Bytes of the tape.</summary>
    public long Capacity => _tape.Capacity;

    /// <summary>For each hit the logit of its weight in the fit, valid until the next forward pass.</summary>
    public ReadOnlySpan<float> WeightLogits => _logits.Weight.Values;

    /// <summary>The event's share of the cross-entropies of its batch, of scores and, times their share, of weights.</summary>
    public float Forward(EventSet events, int number, in MuonBatchScale scale, ParameterVector<float> parameters,
        ParameterVector<float> gradients)
    {
        _selection[0] = number;
        chain.Graphs.Build(events, _selection, _graph);
        _tape.Reset();
        _tape.Bind(parameters, gradients);
        _logits = chain.Scorer.Forward(_tape, _graph);
        int hits = _logits.Score.Rows;
        Tensor<float> labels = _tape.Allocate(hits, 1);
        Tensor<float> weights = _tape.Allocate(hits, 1);
        Span<float> label = labels.Values;
        Span<float> weight = weights.Values;
        ReadOnlySpan<byte> truth = events.LabelHit.AsSpan(events.HitOffsets[number], hits);
        for (int hit = 0; hit < truth.Length; hit++)
        {
            label[hit] = truth[hit];
            weight[hit] = truth[hit] != 0 ? scale.PerTrueHit : scale.PerOtherHit;
        }

        _scoreLoss = BinaryCrossEntropy<float>.Apply(_logits.Score, labels, weights);
        _weightLoss = BinaryCrossEntropy<float>.Apply(_logits.Weight, labels, weights);
        return _scoreLoss.Values[0] + (float)(weightShare * _weightLoss.Values[0]);
    }

    /// <summary>
    /// Adds the gradients of both cross-entropies and, times <paramref name="sharpness"/>, the one that comes back from the fit to the
    /// parameters' gradient; <paramref name="toWeights"/> has a number for each hit, or none where no gradient of the fit is wanted.
    /// </summary>
    public void Backward(ReadOnlySpan<double> toWeights, double sharpness)
    {
        _tape.PrepareGradients();
        Span<float> toLogits = _logits.Weight.Gradient;
        for (int hit = 0; hit < toWeights.Length; hit++)
        {
            toLogits[hit] += (float)(sharpness * toWeights[hit]);
        }

        _scoreLoss.Gradient[0] = 1;
        _weightLoss.Gradient[0] = (float)weightShare;
        _tape.Backward();
    }

    /// <summary>Appends the event's groups of hits, one a plane.</summary>
    public void AppendPlanes(Segments planes)
    {
        ReadOnlySpan<int> offsets = _graph.PlaneHits.Offsets;
        for (int plane = 0; plane + 1 < offsets.Length; plane++)
        {
            planes.Append(offsets[plane + 1] - offsets[plane]);
        }
    }

    public void Dispose() => _tape.Dispose();
}
