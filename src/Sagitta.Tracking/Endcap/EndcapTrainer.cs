namespace Sagitta.Tracking.Endcap;

/// <summary>
/// Trains one network. Each event of a batch has a gradient of its own, and gradients are summed in the order of the events
/// (<see cref="StepChunks{T}"/>), so the result is the same for any number of threads and of ranks. A run goes on from its checkpoint, on
/// whatever number of ranks; rank 0 writes.
/// </summary>
internal sealed class EndcapTrainer : IDisposable
{
    private const double ClipNorm = 1;
    private static readonly string[] _columns = ["classification", "separation", "fit", "assignment", "local"];
    private readonly EndcapEvents _events;
    private readonly Ranks _ranks;
    private readonly EndcapLoss[] _workspaces;
    private readonly ParameterVector<float> _gradient;
    private readonly StepChunks<float> _steps;
    private readonly Adam<float> _adam;
    private readonly LearningRateSchedule _schedule;
    private readonly int[] _order;
    private readonly int[] _turns;
    private readonly long[] _work;
    private readonly double[] _limits;
    private int _orderEpoch = -1;

    /// <summary>A run at its beginning. Ranks that train together (null for one process) hold the same events.</summary>
    public EndcapTrainer(EndcapExperiment experiment, EndcapReconstruction chain, EndcapEvents events, WorkerThreads threads,
        Ranks? ranks = null)
    {
        if (events.Count == 0 || !events.HasTruth)
        {
            throw new BadInputException("the events", events.Count == 0 ? "there are none" : "nothing is known of their muons",
                "train on simulated events or on deposits with their truth");
        }

        (_events, _ranks, Model) = (events, ranks ?? Ranks.Alone, new(experiment));
        RandomKey key = RandomKey.FromSeed(experiment.Seed);
        Model.Parameters.Initialise(key.Split("network"));
        _turns = new int[Math.Min(experiment.BatchSize, events.Count)];
        _work = new long[_turns.Length];
        _steps = new(Model.Network.Layout, _turns.Length, EndcapLossTerms.Numbers, threads, ranks);
        _gradient = new(Model.Network.Layout);
        _adam = new(Model.Network.Layout, new());
        _workspaces = [.. Enumerable.Range(0, threads.Count).Select(_ => new EndcapLoss(chain, Model))];
        StepsPerEpoch = (events.Count + experiment.BatchSize - 1) / experiment.BatchSize;
        Steps = StepsPerEpoch * experiment.Epochs;
        _schedule = new WarmUpCosine(experiment.LearningRate, Steps / 20, Steps);
        _order = new int[events.Count];
        _limits = [.. events.Muons.Select(muon => chain.Limit(muon))];
    }

    public EndcapNetwork Model { get; }

    public int Steps { get; }

    public int StepsPerEpoch { get; }

    /// <summary>The next step, from 0.</summary>
    public int Step => (int)_adam.StepCount;

    /// <summary>One step of the optimiser; the loss of its batch.</summary>
    public EndcapLossTerms Advance()
    {
        EndcapExperiment experiment = Model.Experiment;
        int step = Step;
        if (step / StepsPerEpoch is var epoch && epoch != _orderEpoch)
        {
            MuonTrainer.Shuffle(RandomKey.FromSeed(experiment.Seed).Split("order").Split((ulong)epoch), _order);
            _orderEpoch = epoch;
        }

        int first = step % StepsPerEpoch * experiment.BatchSize;
        int count = Math.Min(experiment.BatchSize, _order.Length - first);
        int muons = 0, signal = 0, hits = 0;
        for (int i = first; i < first + count; i++)
        {
            muons += _events.MuonsOf(_order[i]).Length;
            int before = hits;
            foreach (short label in _events.Label.AsSpan(_events.HitsOf(_order[i])))
            {
                signal += label >= 0 ? 1 : 0;
                hits++;
            }

            // The longest first, so that threads and ranks end together.
            _turns[i - first] = i - first;
            _work[i - first] = -(long)(hits - before) * (hits - before);
        }

        _work.AsSpan(0, count).Sort(_turns.AsSpan(0, count));

        double fitFactor = step >= ScoresAlone ? 1 : 0;
        EndcapBatchScale scale = new(0.5 / Math.Max(signal, 1), 0.5 / Math.Max(hits - signal, 1), 1.0 / Math.Max(muons, 1), 1.0 / count,
            fitFactor);
        _steps.Run(_turns.AsSpan(0, count), (i, worker) => _workspaces[worker].Run(
            _events, _order[first + i], _limits, scale, _steps.GradientOf(i)).CopyTo(_steps.NumbersOf(i)),
            _gradient, _work.AsSpan(0, count));
        GradientClipping.Clip(_gradient, ClipNorm);
        _adam.Step(Model.Parameters, _gradient, _schedule.At(step));
        EndcapLossTerms sum = default;
        for (int i = 0; i < count; i++)
        {
            sum += EndcapLossTerms.Of(_steps.NumbersOf(i));
        }

        return sum;
    }

    /// <summary>All steps, or those that a stopped run left, with checkpoint.safetensors and metrics.csv in a folder; the model is the
    /// caller's.</summary>
    /// <exception cref="OperationCanceledException">Stopped; the checkpoint is written.</exception>
    public EndcapNetwork Run(string folder, IRunProgress progress, CancellationToken stop)
    {
        string checkpoint = Path.Combine(folder, "checkpoint.safetensors");
        string training = string.Create(CultureInfo.InvariantCulture,
            $"{_events.Count} events, {_events.U.Length} hits\n{ConfigurationFile.Write(Model.Experiment)}");
        EndcapLossTerms epoch = default;
        if (_ranks.OfFirst(CheckpointFile.Exists(checkpoint)))
        {
            CheckpointExtras extras = Checkpoint.Restore(checkpoint, Model.Parameters, _adam, progress.Note);
            extras.RequireSame(training, checkpoint);
            epoch = EndcapLossTerms.Of(extras.Arrays["epoch"]);
        }

        _ranks.RequireSame(Step, $"'{checkpoint}'");
        using MetricsLog? metrics = _ranks.IsFirst ? MetricsLog.Resume(Path.Combine(folder, "metrics.csv"), _columns, Step) : null;
        using IStageProgress stage = progress.Begin($"train {Model.Method}", EffortBefore(Steps), "units");
        stage.Advance(EffortBefore(Step));
        while (Step < Steps)
        {
            _ranks.ThrowIfStopped(stop, Save);
            epoch += Advance();
            stage.Advance(EffortBefore(Step) - EffortBefore(Step - 1));
            if (Step % StepsPerEpoch == 0)
            {
                double[] means = [.. epoch.ToArray().Select(term => term / StepsPerEpoch)];
                metrics?.Append(Step, means);
                progress.Note($"epoch {Step / StepsPerEpoch}: " + string.Join(", ", _columns.Zip(means, (name, mean) =>
                    string.Create(CultureInfo.InvariantCulture, $"{name} {mean:F4}"))));
                epoch = default;
                Save();
            }
        }

        return Model;

        void Save()
        {
            if (_ranks.IsFirst)
            {
                CheckpointExtras extras = new();
                extras.Texts["training"] = training;
                extras.Arrays["epoch"] = epoch.ToArray();
                Checkpoint.Save(checkpoint, Model.Parameters, _adam, extras);
            }
        }
    }

    public void Dispose()
    {
        _workspaces.DisposeAll();
        _steps.Dispose();
        _gradient.Dispose();
        _adam.Dispose();
    }

    // Steps at the beginning in which nothing behind the scores has a weight.
    private int ScoresAlone => (int)Math.Ceiling(Model.Experiment.Loss.WarmUp * Steps);

    // For the time that is left: a step with fits takes twice as long as one of scores alone, one with targets for each plane 4/3.
    private long EffortBefore(int step)
    {
        EndcapLossOptions loss = Model.Experiment.Loss;
        return (3L * step) + ((loss.EndToEnd ? 3L : loss.Local > 0 ? 1 : 0) * Math.Max(0, step - ScoresAlone));
    }
}
