using Sagitta.Autodiff.Memory;
using Sagitta.Autodiff.Operations;
using Sagitta.Autodiff.Tensors;
using Sagitta.Physics.Events;
using Sagitta.Reconstruction.Graphs;

namespace Sagitta.Experiments.Muon;

/// <summary>
/// Graph, scores and cross-entropy of one event on a tape of its own. Reused from step to step. Passes that go backward one after another share the memory of gradients.
/// </summary>
internal sealed class MuonEventPass(MuonChain chain, Arena backward) : IDisposable
{
    private readonly HitGraph _graph = new();
    private readonly Tape<float> _tape = new(backward: backward);
    private readonly int[] _selection = new int[1];
    private Tensor<float> _logits;
    private Tensor<float> _loss;

    /// <summary>Hits of the event.</summary>
    public int Hits => _graph.Hits;

    /// <summary>The event's graph.</summary>
    public HitGraph Graph => _graph;

    /// <summary>Bytes of the tape.</summary>
    public long Capacity => _tape.Capacity;

    /// <summary>A logit for each hit, valid until the next forward pass.</summary>
    public ReadOnlySpan<float> Logits => _logits.Values;

    /// <summary>The event's share of the cross-entropy of its batch.</summary>
    public float Forward(EventSet events, int number, in MuonBatchScale scale, ParameterVector<float> parameters, ParameterVector<float> gradients)
    {
        _selection[0] = number;
        chain.Graphs.Build(events, _selection, _graph);
        _tape.Reset();
        _tape.Bind(parameters, gradients);
        _logits = chain.Scorer.Forward(_tape, _graph);
        Tensor<float> labels = _tape.Allocate(_logits.Rows, 1);
        Tensor<float> weights = _tape.Allocate(_logits.Rows, 1);
        Span<float> label = labels.Values;
        Span<float> weight = weights.Values;
        ReadOnlySpan<byte> truth = events.LabelHit.AsSpan(events.HitOffsets[number], _logits.Rows);
        for (int hit = 0; hit < truth.Length; hit++)
        {
            label[hit] = truth[hit];
            weight[hit] = truth[hit] != 0 ? scale.PerTrueHit : scale.PerOtherHit;
        }

        _loss = BinaryCrossEntropy<float>.Apply(_logits, labels, weights);
        return _loss.Values[0];
    }

    /// <summary>
    /// Adds the gradient of the cross-entropy and, times <paramref name="sharpness"/>, the one that comes back from the fit to the
    /// parameters' gradient; <paramref name="toScores"/> has a number for each hit, or none where no gradient of the fit is wanted.
    /// </summary>
    public void Backward(ReadOnlySpan<double> toScores, double sharpness)
    {
        _tape.PrepareGradients();
        Span<float> toLogits = _logits.Gradient;
        for (int hit = 0; hit < toScores.Length; hit++)
        {
            toLogits[hit] += (float)(sharpness * toScores[hit]);
        }

        _loss.Gradient[0] = 1;
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
