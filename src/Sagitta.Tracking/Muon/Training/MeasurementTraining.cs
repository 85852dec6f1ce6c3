using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sagitta.Tracking.Muon.Training;

/// <summary>
/// Trains the measurement stage alone: the weights of hits stay, and each plane is asked for its own likelihood
/// (<see cref="LocalLikelihood"/>). Each fixed chunk of a batch has a gradient of its own, and these are summed in order: the result is the
/// same for any number of threads and of ranks.
/// </summary>
internal sealed class MeasurementTraining : IDisposable
{
    /// <summary>The name of its progress.</summary>
    public const string StageName = "train measurement stage";
    private const int ChunkSize = 8;
    private const double WarmUp = 0.05;
    private const double ClipNorm = 1;
    private readonly WeightedTrackFit _tracks;
    private readonly EventSet _events;
    private readonly double[] _weights;
    private readonly MeasurementOptions _options;
    private readonly (Tape<double> Tape, Segments Planes)[] _workers;
    private readonly StepChunks<double> _steps;
    private readonly Ranks _ranks;
    private readonly ParameterVector<double> _parameters;
    private readonly int[] _turns;
    private readonly int[] _order;
    private int _first;
    private int _count;

    /// <summary>A training on events whose hits have these weights, one a hit.</summary>
    public MeasurementTraining(MuonChain chain, EventSet events, double[] weights, WorkerThreads threads, Ranks? ranks = null)
    {
        _events = events;
        _weights = weights;
        _ranks = ranks ?? Ranks.Alone;
        _options = chain.Options.Measurement;
        _workers = [.. Enumerable.Range(0, threads.Count).Select(_ => (new Tape<double>(), new Segments()))];
        _turns = [.. Enumerable.Range(0, (_options.BatchSize + ChunkSize - 1) / ChunkSize)];

        // The network stays: what is summed and sent in a step is the stage's own.
        ParameterLayout layout = new();
        _tracks = new(chain.Detector, chain.Options.Clustering, chain.Options.Fit, chain.Options.ChargeWeighted,
            stage: new(_options, chain.Detector, layout));
        _steps = new(layout, _turns.Length, 1, threads, ranks);
        _parameters = new(layout);
        _order = new int[events.Count];
    }

    /// <summary>Steps of a training.</summary>
    public static int StepsOf(MeasurementOptions options, int events) =>
        (events + options.BatchSize - 1) / options.BatchSize * options.Epochs;

    /// <summary>Improves the stage's part of <paramref name="parameters"/>.</summary>
    /// <param name="parameters">Network and stage.</param>
    /// <param name="key">What names the order of events.</param>
    /// <param name="progress">Progress.</param>
    /// <param name="stop">Ends without a change.</param>
    public void Run(ParameterVector<float> parameters, RandomKey key, IRunProgress progress, CancellationToken stop)
    {
        foreach (Parameter own in _parameters.Layout.Parameters)
        {
            TensorPrimitives.ConvertTruncating(parameters.Slice(parameters.Layout.Find(own.Name)!), _parameters.Slice(own));
        }

        using ParameterVector<double> gradient = new(_parameters.Layout);
        using Adam<double> optimiser = new(_parameters.Layout);
        int steps = StepsOf(_options, _events.Count);
        int perEpoch = StepsOf(_options with { Epochs = 1 }, _events.Count);
        WarmUpCosine schedule = new(_options.LearningRate, (long)(WarmUp * steps), steps);
        using IStageProgress stage = progress.Begin(StageName, steps, "steps");
        Action<int, int> work = RunChunk;
        double sum = 0;
        for (int step = 0; step < steps; step++)
        {
            _ranks.ThrowIfStopped(stop);
            if (step % perEpoch == 0)
            {
                MuonTrainer.Shuffle(key.Split((ulong)(step / perEpoch)), _order);
                sum = 0;
            }

            _first = step % perEpoch * _options.BatchSize;
            _count = Math.Min(_options.BatchSize, _order.Length - _first);
            int chunks = (_count + ChunkSize - 1) / ChunkSize;
            _steps.Run(_turns.AsSpan(0, chunks), work, gradient);
            GradientClipping.Clip(gradient, ClipNorm);
            optimiser.Step(_parameters, gradient, schedule.At(step));
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                sum += _steps.NumbersOf(chunk)[0];
            }

            stage.Advance();
            if ((step + 1) % perEpoch == 0)
            {
                stage.Show(string.Create(CultureInfo.InvariantCulture, $"local likelihood {sum / perEpoch:f4}"));
            }
        }

        foreach (Parameter own in _parameters.Layout.Parameters)
        {
            TensorPrimitives.ConvertTruncating(_parameters.Slice(own), parameters.Slice(parameters.Layout.Find(own.Name)!));
        }
    }

    public void Dispose()
    {
        foreach ((Tape<double> tape, _) in _workers)
        {
            tape.Dispose();
        }

        _steps.Dispose();
        _parameters.Dispose();
    }

    private void RunChunk(int chunk, int worker)
    {
        (Tape<double> tape, Segments planes) = _workers[worker];
        ReadOnlySpan<int> selection = _order.AsSpan(_first, _count)[(chunk * ChunkSize)..Math.Min((chunk + 1) * ChunkSize, _count)];
        tape.Reset();
        tape.Bind(_parameters, _steps.GradientOf(chunk));
        int hits = 0;
        foreach (int e in selection)
        {
            hits += _events.HitOffsets[e + 1] - _events.HitOffsets[e];
        }

        Tensor<double> weights = tape.Allocate(hits, 1);
        Span<double> rest = weights.Values;
        foreach (int e in selection)
        {
            ReadOnlySpan<double> own = _weights.AsSpan(_events.Hits.HitsOf(e));
            own.CopyTo(rest);
            rest = rest[own.Length..];
        }

        Clusters clusters = _tracks.Measure(weights, logits: false, _events.Hits, selection, planes);
        Tensor<double> loss = Scale<double>.Apply(Sum<double>.Apply(LocalLikelihood.Apply(clusters, _events, selection)),
            1.0 / (_count * _events.PlaneCount));
        tape.Backward(loss);
        _steps.NumbersOf(chunk)[0] = loss.Values[0];
    }
}
