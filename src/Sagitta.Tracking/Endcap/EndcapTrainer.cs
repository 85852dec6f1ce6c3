namespace Sagitta.Tracking.Endcap;

/// <summary>
/// Trains one network. Each event of a batch has a gradient of its own, and gradients are summed in the order of the events, so the result
/// is the same for any number of threads.
/// </summary>
internal sealed class EndcapTrainer : IDisposable
{
    private const double ClipNorm = 1;
    private readonly EndcapEvents _events;
    private readonly WorkerThreads _threads;
    private readonly EndcapLoss[] _workspaces;
    private readonly ParameterVector<float>[] _gradients;
    private readonly ParameterVector<float> _gradient;
    private readonly EndcapLossTerms[] _terms;
    private readonly ChunkReduction<float> _reduction;
    private readonly Adam<float> _adam;
    private readonly LearningRateSchedule _schedule;
    private readonly int[] _order;
    private readonly double[] _limits;

    public EndcapTrainer(EndcapExperiment experiment, EndcapReconstruction chain, EndcapEvents events, WorkerThreads threads)
    {
        if (events.Count == 0 || !events.HasTruth)
        {
            throw new BadInputException("the events", events.Count == 0 ? "there are none" : "nothing is known of their muons",
                "train on simulated events or on deposits with their truth");
        }

        (_events, _threads, Model) = (events, threads, new(experiment));
        RandomKey key = RandomKey.FromSeed(experiment.Seed);
        Model.Parameters.Initialise(key.Split("network"));
        _gradients = [.. Enumerable.Range(0, experiment.BatchSize).Select(_ => new ParameterVector<float>(Model.Network.Layout))];
        _terms = new EndcapLossTerms[experiment.BatchSize];
        _reduction = new(_gradients);
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
        if (step % StepsPerEpoch == 0)
        {
            MuonTrainer.Shuffle(RandomKey.FromSeed(experiment.Seed).Split("order").Split((ulong)(step / StepsPerEpoch)), _order);
        }

        int first = step % StepsPerEpoch * experiment.BatchSize;
        int count = Math.Min(experiment.BatchSize, _order.Length - first);
        int muons = 0, signal = 0, hits = 0;
        for (int i = first; i < first + count; i++)
        {
            muons += _events.MuonsOf(_order[i]).Length;
            foreach (short label in _events.Label.AsSpan(_events.HitsOf(_order[i])))
            {
                signal += label >= 0 ? 1 : 0;
                hits++;
            }
        }

        double fitFactor = step >= experiment.Loss.WarmUp * Steps ? 1 : 0;
        EndcapBatchScale scale = new(0.5 / Math.Max(signal, 1), 0.5 / Math.Max(hits - signal, 1), 1.0 / Math.Max(muons, 1), 1.0 / count,
            fitFactor);
        _threads.Run(count, (i, worker) =>
        {
            _gradients[i].Values.Clear();
            _terms[i] = _workspaces[worker].Run(_events, _order[first + i], _limits, scale, _gradients[i]);
        });
        _reduction.SumInto(_gradient, count, _threads);
        GradientClipping.Clip(_gradient, ClipNorm);
        _adam.Step(Model.Parameters, _gradient, _schedule.At(step));
        EndcapLossTerms sum = default;
        for (int i = 0; i < count; i++)
        {
            sum += _terms[i];
        }

        return sum;
    }

    /// <summary>All steps; the model is the caller's.</summary>
    public EndcapNetwork Run(IRunProgress progress, CancellationToken stop)
    {
        using IStageProgress stage = progress.Begin($"train {Model.Method}", Steps, "steps");
        EndcapLossTerms epoch = default;
        while (Step < Steps)
        {
            stop.ThrowIfCancellationRequested();
            epoch += Advance();
            stage.Advance();
            if (Step % StepsPerEpoch == 0)
            {
                progress.Note(string.Create(CultureInfo.InvariantCulture, $"epoch {Step / StepsPerEpoch}: classification "
                    + $"{epoch.Classification / StepsPerEpoch:F4}, separation {epoch.Separation / StepsPerEpoch:F4}, fit "
                    + $"{epoch.Fit / StepsPerEpoch:F4}, planes {epoch.Local / StepsPerEpoch:F4}, wrong clusters "
                        + $"{epoch.Assignment / StepsPerEpoch:F4}"));
                epoch = default;
            }
        }

        return Model;
    }

    public void Dispose()
    {
        _workspaces.DisposeAll();
        _gradients.DisposeAll();
        _gradient.Dispose();
        _adam.Dispose();
    }
}
