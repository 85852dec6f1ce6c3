namespace Sagitta.Experiments.Landscapes;

/// <summary>A loss in double precision that is a sum over chunks of data, each on a tape of its own; gradients are added in the order of
/// the chunks, whatever the threads.</summary>
internal abstract class ChunkedLoss : ILoss, IDisposable
{
    private readonly WorkerThreads _threads;
    private readonly ParameterVector<double> _parameters;
    private readonly ParameterVector<double> _total;
    private readonly ParameterVector<double>[] _gradients;
    private readonly ChunkReduction<double> _reduction;
    private readonly Tape<double>[] _tapes;
    private readonly double[] _losses;
    private readonly Action<int, int> _work;

    private protected ChunkedLoss(ParameterLayout layout, int chunks, WorkerThreads threads)
    {
        Layout = layout;
        _threads = threads;
        _parameters = new(layout);
        _total = new(layout);
        _gradients = [.. Enumerable.Range(0, chunks).Select(_ => new ParameterVector<double>(layout))];
        _reduction = new(_gradients);
        _tapes = [.. Enumerable.Range(0, threads.Count).Select(_ => new Tape<double>())];
        _losses = new double[chunks];
        _work = Run;
    }

    public ParameterLayout Layout { get; }

    public double Gradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        parameters.CopyTo(_parameters.Values);
        SumOverChunks(_work, gradient);
        return _losses.Sum();
    }

    public void Dispose()
    {
        DisposeOwn();
        _parameters.Dispose();
        _total.Dispose();
        _gradients.DisposeAll();
        _tapes.DisposeAll();
        GC.SuppressFinalize(this);
    }

    /// <summary>The loss of one chunk, 1 x 1, its share of the whole included; parameters are bound to the tape.</summary>
    private protected abstract Tensor<double> LossOf(Tape<double> tape, int chunk);

    /// <summary>Frees what a loss holds beside its chunks' gradients and tapes.</summary>
    private protected virtual void DisposeOwn()
    {
    }

    /// <summary>Lets work, told chunk and worker, fill <see cref="GradientOf"/> of every chunk, and sums these in their order.</summary>
    private protected void SumOverChunks(Action<int, int> work, Span<double> sum)
    {
        _threads.Run(_losses.Length, work);
        _reduction.SumInto(_total, _losses.Length, _threads);
        _total.Values.CopyTo(sum);
    }

    /// <summary>What one chunk contributes; zero before its work begins.</summary>
    private protected ParameterVector<double> GradientOf(int chunk) => _gradients[chunk];

    private protected Tape<double> TapeOf(int worker) => _tapes[worker];

    private void Run(int chunk, int worker)
    {
        Tape<double> tape = _tapes[worker];
        tape.Reset();
        tape.Bind(_parameters, _gradients[chunk]);
        Tensor<double> loss = LossOf(tape, chunk);
        tape.Backward(loss);
        _losses[chunk] = loss.Values[0];
    }
}
