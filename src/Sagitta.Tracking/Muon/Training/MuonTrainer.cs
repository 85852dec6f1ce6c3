namespace Sagitta.Tracking.Muon.Training;

/// <summary>
/// Trains one network. A batch falls into chunks whose borders no thread moves; each has a gradient of its own, and gradients are summed in
/// the order of the chunks (<see cref="StepChunks{T}"/>), so the result is the same for any number of threads and of ranks. Tapes belong to
/// threads: their memory stays in the caches.
/// </summary>
internal sealed class MuonTrainer : IDisposable
{
    private readonly MuonExperiment _experiment;
    private readonly EventSet _events;
    private readonly double[] _referenceSigma;
    private readonly MuonTrainingChunk[] _workspaces;
    private readonly HitGraph[] _graphs;
    private readonly StepChunks<float> _steps;
    private readonly ParameterVector<float> _gradient;
    private readonly LearningRateSchedule _schedule;
    private readonly RandomKey _orderKey;
    private readonly Action<int, int> _work;
    private readonly int[] _order;
    private readonly BatchChunks _chunks;
    private readonly int[] _chunkOrder;
    private readonly long[] _chunkWork;
    private int _orderEpoch = -1;
    private int _batchStart;
    private MuonBatchScale _scale;

    /// <summary>A run at its beginning: parameters drawn from the experiment's seed, the same for both methods. Ranks that train together
    /// (null for one process) hold the same events.</summary>
    public MuonTrainer(MuonExperiment experiment, MuonChain chain, EventSet events, WorkerThreads threads, Ranks? ranks = null)
    {
        if (events.Count == 0)
        {
            throw new ArgumentException("There are no events to train on.", nameof(events));
        }

        _experiment = experiment;
        _events = events;
        _referenceSigma = chain.ReferenceSigma(events);
        MuonTrainingOptions training = experiment.Training;
        _chunks = new(training.BatchSize, training.ChunkSize, training.TaperedChunks);
        int chunks = _chunks.Count;
        MuonLoss loss = new(chain, experiment);
        _workspaces = [.. Enumerable.Range(0, threads.Count).Select(_ => new MuonTrainingChunk(loss, training.ChunkSize))];
        _steps = new(chain.Scorer.Layout, chunks, MuonLossTerms.Numbers, threads, ranks);
        _chunkOrder = new int[chunks];
        _chunkWork = new long[chunks];
        _graphs = [.. _workspaces.SelectMany(w => w.Graphs)];
        _gradient = new(chain.Scorer.Layout);
        Parameters = new(chain.Scorer.Layout);
        Optimiser = new(chain.Scorer.Layout, new() { WeightDecay = training.WeightDecay });
        StepsPerEpoch = (events.Count + training.BatchSize - 1) / training.BatchSize;
        Steps = StepsPerEpoch * training.Epochs;
        _schedule = new WarmUpCosine(training.LearningRate, (long)(training.LearningRateWarmUp * Steps), Steps);
        RandomKey key = RandomKey.FromSeed(experiment.Seed);
        _orderKey = key.Split("order");
        Parameters.Initialise(key.Split("network"));
        _order = new int[events.Count];
        _work = RunChunk;
    }

    /// <summary>The network's parameters.</summary>
    public ParameterVector<float> Parameters { get; }

    /// <summary>Adam with its moments; its count of steps says where the run is.</summary>
    public Adam<float> Optimiser { get; }

    /// <summary>Steps of the whole run.</summary>
    public int Steps { get; }

    /// <summary>Steps of one pass over the events.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The next step, from 0; equal to <see cref="Steps"/> at the end.</summary>
    public int Step => (int)Optimiser.StepCount;

    /// <summary>Bytes that the tapes of all threads hold.</summary>
    public long Capacity => _workspaces.Sum(w => w.Capacity);

    /// <summary>Norm of the last step's gradient before clipping.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>Learning rate of the next step.</summary>
    public double LearningRate => _schedule.At(Step);

    /// <summary>Steps of the whole run of an experiment.</summary>
    public static int StepsOf(MuonExperiment experiment) =>
        (experiment.Data.Training + experiment.Training.BatchSize - 1) / experiment.Training.BatchSize * experiment.Training.Epochs;

    /// <summary>Takes one optimiser step and returns the loss of its batch.</summary>
    public MuonLossTerms Advance()
    {
        int step = Step;
        int epoch = step / StepsPerEpoch;
        if (epoch != _orderEpoch)
        {
            Shuffle(_orderKey.Split((ulong)epoch), _order);
            _orderEpoch = epoch;
        }

        _batchStart = step % StepsPerEpoch * _experiment.Training.BatchSize;
        ReadOnlySpan<int> batch = _order.AsSpan(_batchStart, Math.Min(_experiment.Training.BatchSize, _order.Length - _batchStart));
        _scale = MuonBatchScale.Of(_events, batch, _experiment.Loss.Classification, _experiment.Loss.FitFactor(step, Steps));
        _chunks.Divide(batch.Length);
        int active = _chunks.Count;
        OrderChunks(batch);
        _steps.Run(_chunkOrder.AsSpan(0, active), _work, _gradient, _chunkWork.AsSpan(0, active));
        GrowTogether();
        GradientNorm = GradientClipping.Clip(_gradient, _experiment.Training.ClipNorm);
        Optimiser.Step(Parameters, _gradient, _schedule.At(step));
        MuonLossTerms loss = default;
        for (int i = 0; i < active; i++)
        {
            loss += MuonLossTerms.Of(_steps.NumbersOf(i));
        }

        return loss;
    }

    public void Dispose()
    {
        foreach (MuonTrainingChunk workspace in _workspaces)
        {
            workspace.Dispose();
        }

        _steps.Dispose();
        _gradient.Dispose();
        Optimiser.Dispose();
        Parameters.Dispose();
    }

    private void RunChunk(int chunk, int worker)
    {
        ReadOnlySpan<int> selection = _order.AsSpan(_batchStart)[_chunks[chunk]];
        _workspaces[worker].Run(_events, selection, _referenceSigma, _scale, Parameters, _steps.GradientOf(chunk))
            .CopyTo(_steps.NumbersOf(chunk));
    }

    // The longest first, so that threads and ranks end together: time grows about as an event's hits (docs/performance.md). The sum over
    // chunks keeps its own order.
    private void OrderChunks(ReadOnlySpan<int> batch)
    {
        for (int chunk = 0; chunk < _chunks.Count; chunk++)
        {
            _chunkOrder[chunk] = chunk;
            _chunkWork[chunk] = 0;
            foreach (int e in batch[_chunks[chunk]])
            {
                _chunkWork[chunk] -= _events.HitOffsets[e + 1] - _events.HitOffsets[e];
            }
        }

        _chunkWork.AsSpan(0, _chunks.Count).Sort(_chunkOrder.AsSpan(0, _chunks.Count));
    }

    // Whichever graph meets the largest event, all take its room: the run stops allocating after a few steps instead of after thousands.
    private void GrowTogether()
    {
        int hits = 0;
        int edges = 0;
        foreach (HitGraph graph in _graphs)
        {
            hits = Math.Max(hits, graph.HitCapacity);
            edges = Math.Max(edges, graph.EdgeCapacity);
        }

        foreach (HitGraph graph in _graphs)
        {
            if (graph.HitCapacity < hits || graph.EdgeCapacity < edges)
            {
                graph.Reserve(hits, edges);
            }
        }
    }

    /// <summary>Fills <paramref name="order"/> with its places in an order that follows from the key alone, so that a resumed run sees the
    /// same one (Fisher and Yates).</summary>
    public static void Shuffle(RandomKey key, Span<int> order)
    {
        RandomDraws draws = key.Draws();
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = draws.NextIndex(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
