namespace Sagitta.Tracking.Calorimeter;

/// <summary>Loss and gradient of one frame after another, with memory of its own: one object a thread.</summary>
/// <param name="method">The loss.</param>
/// <param name="geometry">The calorimeter; the shipped one if null.</param>
/// <param name="terms">Factors of the loss's terms; all 1 if null.</param>
internal sealed class FrameTraining(CalorimeterMethodOptions method, CalorimeterGeometry? geometry = null, SegmentLossTerms? terms = null)
    : IDisposable
{
    private readonly CalorimeterLoss _loss = new(method, geometry, terms);
    private readonly Tape<float> _tape = new();
    private readonly SegmentInput _input = new();

    /// <summary>Bytes that values and gradients have taken at most, the largest part of a frame's memory.</summary>
    public long MemoryBytes => _tape.Capacity;

    /// <summary>Directed edges of the last frame's line graph.</summary>
    public int Edges => 2 * _input.Graph.Links;

    /// <summary>Whether the last frame gave any gradient to the scores.</summary>
    public bool Moved => MovedSegments > 0;

    /// <summary>Segments of the last frame whose score got a gradient.</summary>
    public int MovedSegments { get; private set; }

    /// <summary>Adds the gradient of a frame's loss, times its share of a step, and returns the loss.</summary>
    /// <param name="model">The model.</param>
    /// <param name="frame">Hits and their truth.</param>
    /// <param name="gradient">Receives the gradient; of the model's layout.</param>
    /// <param name="moments">Receives the frame's moments.</param>
    /// <param name="share">One over the frames of a step.</param>
    /// <param name="crossEntropy">Whether to train on cross-entropy whatever the method says.</param>
    public double Step(CalorimeterModel model, CalorimeterFrame frame, ParameterVector<float> gradient, SegmentMoments moments,
        double share, bool crossEntropy = false)
    {
        frame.RequireTruth();
        _input.Set(frame, model.Experiment.Gates, withMoments: true);
        Tensor<float> logits = CalorimeterChain.Score(_tape, model.Network, model.Parameters, _input, moments, gradient);
        Tensor<float> loss = _loss.Of(logits, _input, share, out double scale, crossEntropy);
        _tape.Backward(loss);
        MovedSegments = logits.Gradient.Length - logits.Gradient.Count(0f);
        return loss.Values[0] / scale;
    }

    public void Dispose()
    {
        _tape.Dispose();
        _loss.Dispose();
    }
}
