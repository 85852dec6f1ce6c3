namespace Sagitta.Experiments.Muon.Comparison;

/// <summary>The main job of the muon system: train both methods for each seed, evaluate all methods on simulated and on Geant4 hits,
/// compare. Resumable: each model and each method on a sample has files of its own, and what is there is not done again.</summary>
internal sealed class MuonReproduction
{
    private readonly MuonReproductionOptions _options;
    private readonly string _folder;
    private readonly WorkerThreads _threads;
    private readonly IRunProgress _progress;

    /// <summary>A reproduction in <paramref name="folder"/>.</summary>
    public MuonReproduction(MuonReproductionOptions options, string folder, WorkerThreads threads, IRunProgress progress)
    {
        _options = options;
        _folder = folder;
        _threads = threads;
        _progress = progress;
    }

    /// <exception cref="OperationCanceledException">Stopped; another run in the same folder goes on.</exception>
    public MuonComparison Run(CancellationToken stop)
    {
        Detector detector = DetectorFile.Load(_options.Experiment.Detector);
        MuonExperiment[] experiments = [.. Experiments()];
        MuonGeant4Deposits[] geant4 = [.. _options.Geant4.Select(sample => new MuonGeant4Deposits(sample, detector, _options.Geant4Seed))];
        IReadOnlyList<MuonTestSample> samples = MuonTestSamples.Of(_options.Experiment, geant4, detector);
        IReadOnlyList<(MuonTestSample WithoutMuon, MuonTestSample Spectrum)> rateSamples = MuonTestSamples.ForRates(
            _options.Experiment, detector);
        int methods = experiments.Length + 3;
        long perStep = (long)(_options.Experiment.Training.BatchSize * _options.Experiment.Data.TrainingBackgrounds.Average(Effort));
        long training = experiments.Count(e => !File.Exists(Path.Combine(FolderOf(e), MuonTrainingRun.ModelName))) * perStep
            * MuonTrainer.StepsOf(_options.Experiment);
        IReadOnlyList<MuonCountedSample> counted = MuonCountedSample.Of(_options.Experiment, geant4, detector);
        long evaluating = samples.Concat(rateSamples.SelectMany(r => new[] { r.WithoutMuon, r.Spectrum })).Sum(s => methods * PerMethod(s))
            + counted.Sum(c => PerCount(c.Background) * c.Events);
        using IStageProgress whole = _progress.Begin("the whole run, by effort", training + evaluating, "units");
        MuonModel[] models = Train(detector, experiments, new CountedProgress(_progress, whole, perStep), stop);
        MuonChain chain = new(_options.Experiment, detector);
        MuonSampleResult Evaluate(MuonTestSample sample)
        {
            MuonSampleEvaluation evaluation = new(chain, models, sample, Path.Combine(_folder, "samples", sample.Name));
            using IStageProgress stage = new CountedProgress(_progress, whole, PerMethod(sample)).Begin(
                "evaluate " + sample.Name, evaluation.Count, "methods");
            return evaluation.Run(_threads, stage, stop);
        }

        MuonSampleResult[] results = [.. samples.Select(Evaluate)];
        MuonRates[] rates = [.. rateSamples.Select(r => MuonRates.Of(
            chain,
            results.First(s => s.Events.Source == "simulation" && s.Background == r.Spectrum.Background),
            Evaluate(r.WithoutMuon),
            Evaluate(r.Spectrum)))];
        MuonEfficiencyRun efficiency = new(chain, models, Path.Combine(_folder, "efficiency"));
        MuonEfficiency[] efficiencies = [.. counted.Select(
            c => efficiency.Run(c, _threads, new CountedProgress(_progress, whole, PerCount(c.Background)), stop))];
        return new(chain, models, results) { Rates = rates, Efficiencies = efficiencies };
    }

    private IEnumerable<MuonExperiment> Experiments()
    {
        for (int i = 0; i < _options.Seeds; i++)
        {
            foreach (bool endToEnd in _options.EndToEnd)
            {
                yield return _options.Experiment with
                {
                    Seed = _options.Experiment.Seed + (ulong)i,
                    Loss = _options.Experiment.Loss with { EndToEnd = endToEnd }
                };
            }
        }
    }

    // Both methods of a seed share its events, which are simulated when the first of them asks and forgotten when both are done.
    private MuonModel[] Train(Detector detector, MuonExperiment[] experiments, CountedProgress progress, CancellationToken stop)
    {
        Lazy<EventSet> validation = new(() => Simulated(
            "validation events", threads => MuonSamples.Validation(_options.Experiment, detector, threads)));
        Dictionary<ulong, Lazy<EventSet>> training = experiments.Select(e => e.Seed).Distinct().ToDictionary(
            seed => seed,
            seed => new Lazy<EventSet>(() => Simulated($"training events, seed {seed}", threads =>
                MuonSamples.Training(_options.Experiment with { Seed = seed }, detector, threads))));
        Dictionary<ulong, int> left = experiments.GroupBy(e => e.Seed).ToDictionary(g => g.Key, g => g.Count());
        MuonModel[] models = new MuonModel[experiments.Length];
        SideBySide.Run(experiments.Length, _threads.Count, (i, lane) =>
        {
            MuonExperiment experiment = experiments[i];
            Lazy<EventSet> events;
            lock (training)
            {
                events = training[experiment.Seed];
            }

            models[i] = new MuonTrainingRun(experiment, new(experiment, detector), FolderOf(experiment), lane, progress).Run(
                events, validation, stop);
            lock (training)
            {
                if (--left[experiment.Seed] == 0)
                {
                    training.Remove(experiment.Seed);
                }
            }
        });
        return models;
    }

    private string FolderOf(MuonExperiment experiment) =>
        Path.Combine(_folder, "models", string.Create(
            CultureInfo.InvariantCulture, $"{MuonTrainingRun.MethodOf(experiment)}-seed{experiment.Seed}"));

    // Hits, and with them the time of an event, grow about linearly with the flux; an evaluation is a third of a step of training.
    private static double Effort(double flux) => 1 + (flux / 5);

    private static long PerMethod(MuonTestSample sample) => (long)Math.Ceiling(sample.Events * Effort(sample.Background) / 3);

    // Half of the methods see each event.
    private long PerCount(double flux) => (long)Math.Ceiling(_options.Seeds * Effort(flux) / 3);

    private EventSet Simulated(string name, Func<WorkerThreads, EventSet> simulate)
    {
        using IStageProgress stage = _progress.Begin("simulate " + name, 1, "samples");
        using WorkerThreads threads = new(_threads.Count);
        EventSet events = simulate(threads);
        stage.Advance();
        return events;
    }
}

/// <summary>What "reproduce muon" runs.</summary>
internal sealed record MuonReproductionOptions
{
    /// <summary>The configuration; its seed is the first of <see cref="Seeds"/>.</summary>
    public required MuonExperiment Experiment { get; init; }
    /// <summary>How many consecutive seeds, from the experiment's on.</summary>
    public int Seeds { get; init; } = 1;
    /// <summary>Which methods are trained, by whether the gradient of the fit reaches the network.</summary>
    public IReadOnlyList<bool> EndToEnd { get; init; } = [false, true];
    /// <summary>Geant4 test samples; none for detectors of which there are no deposits.</summary>
    public IReadOnlyList<MuonGeant4Sample> Geant4 { get; init; } = [];
    /// <summary>Seed of the digitisation of Geant4 events.</summary>
    public ulong Geant4Seed { get; init; } = 77;
}
