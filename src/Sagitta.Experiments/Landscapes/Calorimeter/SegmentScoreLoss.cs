using Sagitta.Autodiff.Operations;
using Sagitta.Autodiff.Parallelism;
using Sagitta.Autodiff.Tensors;
using Sagitta.Reconstruction.LineGraphs;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>
/// A loss of segment scores p with running averages held fixed, the mean over frames: the cross-entropy of training, or a sum of s p over segments with fixed slopes s.
/// With the slopes that the loss sends through the assignment at the centre (<see cref="AssignmentSlopes"/>) the second is the stand-in for
/// the Hamming loss: that loss is piecewise constant, and its published Hessian holds the gradient at the scores fixed too, H = sum of s times
/// the Hessian of p. It has the value of a slope, not of the Hamming loss.
/// </summary>
public sealed class SegmentScoreLoss : ILoss, IDisposable
{
    private readonly SegmentScorer _network;
    private readonly IReadOnlyList<LandscapeFrame> _frames;
    private readonly IReadOnlyList<double[]>? _slopes;
    private readonly WorkerThreads _threads;
    private readonly ParameterVector<double> _parameters;
    private readonly ParameterVector<double> _total;
    private readonly ParameterVector<double>[] _gradients;
    private readonly ChunkReduction<double> _reduction;
    private readonly Tape<double>[] _tapes;
    private readonly double[] _losses;
    private readonly Action<int, int> _work;

    /// <summary>A loss over frames.</summary>
    /// <param name="network">The network.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="threads">Threads; each frame is one chunk.</param>
    /// <param name="slopes">Slope of every segment's score for each frame; null for the cross-entropy.</param>
    public SegmentScoreLoss(SegmentScorer network, IReadOnlyList<LandscapeFrame> frames, WorkerThreads threads, IReadOnlyList<double[]>? slopes = null)
    {
        _network = network;
        _frames = frames;
        _threads = threads;
        _slopes = slopes;
        _parameters = new(network.Layout);
        _total = new(network.Layout);
        _gradients = [.. frames.Select(_ => new ParameterVector<double>(network.Layout))];
        _reduction = new(_gradients);
        _tapes = [.. Enumerable.Range(0, threads.Count).Select(_ => new Tape<double>())];
        _losses = new double[frames.Count];
        _work = Frame;
    }

    /// <inheritdoc />
    public ParameterLayout Layout => _network.Layout;

    /// <inheritdoc />
    public double Gradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        parameters.CopyTo(_parameters.Values);
        _threads.Run(_frames.Count, _work);
        _reduction.SumInto(_total, _frames.Count, _threads);
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

    private void Frame(int index, int worker)
    {
        SegmentInput input = _frames[index].Input;
        Tape<double> tape = _tapes[worker];
        tape.Reset();
        tape.Bind(_parameters, _gradients[index]);
        Tensor<double> logits = _network.Forward(tape, input);
        double share = 1.0 / _frames.Count;
        Tensor<double> loss = _slopes is null
            ? SegmentLoss.CrossEntropy(logits, input.Graph.Label, SegmentLoss.Weights(tape, input.Graph.TrackerSide, share))
            : Scale<double>.Apply(Sum<double>.Apply(Multiply<double>.Apply(Sigmoid<double>.Apply(logits), tape.Constant(_slopes[index], logits.Rows, 1))), share);
        tape.Backward(loss);
        _losses[index] = loss.Values[0];
    }
}
