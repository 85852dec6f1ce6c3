namespace Sagitta.Tracking.Calorimeter;

/// <summary>Loss and gradient of one frame after another, with memory of its own: one object a thread.</summary>
internal sealed class FrameTraining : IDisposable
{
    private readonly CalorimeterMethodOptions _method;
    private readonly Tape<float> _tape = new();
    private readonly SegmentInput _input = new();
    private readonly AssignmentProblem _problem = new();
    private readonly RangeLossProblem _rangeProblem;

    /// <summary>Training by one method.</summary>
    public FrameTraining(CalorimeterMethodOptions method)
    {
        _method = method;
        _problem.Options = method.Assignment;
        _rangeProblem = new(CalorimeterSource.LayerDepths,
            new() { LargestGradient = method.RangeClip > 0 ? method.RangeClip : double.PositiveInfinity });
    }

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
        Tensor<float> logits = Forward(model, frame, moments, gradient);
        SegmentGraph graph = _input.Graph;
        Tensor<float> loss;
        double scale = share;
        if (crossEntropy || _method.Name == "predict-then-track")
        {
            loss = SegmentLoss.CrossEntropy(logits, graph.Label, SegmentLoss.Weights(_tape, graph.TrackerSide, share));
        }
        else
        {
            // The gradient behind the solver is a difference of two solutions: the loss's scale decides how far costs move, not how large
            // it is.
            scale = _method.ScaleBeforeSolving ? share : 1;
            _problem.Set(graph.Offsets, graph.Shallower, graph.Hits, _method.Margin != 0 ? graph.Label : default);
            Tensor<float> chosen = SegmentLoss.Assign(logits, _problem);
            loss = SegmentLoss.Distance(chosen, graph.Label, SegmentLoss.Weights(_tape, graph.TrackerSide, scale));
            if (_method.RangeWeight > 0)
            {
                _rangeProblem.Set(frame, graph);
                loss = Add<float>.Apply(loss, Scale<float>.Apply(
                    RangeLoss<float>.Apply(chosen, _rangeProblem), (float)(scale * _method.RangeWeight)));
            }

            if (_method.CrossEntropyShare > 0)
            {
                loss = Add<float>.Apply(loss, SegmentLoss.CrossEntropy(
                    logits, graph.Label, SegmentLoss.Weights(_tape, graph.TrackerSide, share * _method.CrossEntropyShare)));
            }
        }

        _tape.Backward(loss);
        MovedSegments = logits.Gradient.Length - logits.Gradient.Count(0f);
        return loss.Values[0] / scale;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _tape.Dispose();
        _rangeProblem.Dispose();
    }

    private Tensor<float> Forward(CalorimeterModel model, CalorimeterFrame frame, SegmentMoments moments, ParameterVector<float> gradient)
    {
        _input.Set(frame, model.Experiment.Gates, withMoments: true);
        _tape.Reset();
        _tape.Bind(model.Parameters, gradient);
        return model.Network.Forward(_tape, _input, moments);
    }
}
