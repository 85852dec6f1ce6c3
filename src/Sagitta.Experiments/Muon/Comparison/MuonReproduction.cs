namespace Sagitta.Experiments.Muon.Comparison;

/// <summary>The main job of the muon system: train all methods for each seed, evaluate all methods on simulated and on Geant4 hits,
/// compare. Resumable: each model and each method on a sample has files of its own, and what is there is not done again.</summary>
internal sealed class MuonReproduction(MuonReproductionOptions options, string folder, WorkerThreads threads, IRunProgress progress)
{
    /// <exception cref="OperationCanceledException">Stopped; another run in the same folder goes on.</exception>
    public MuonComparison Run(CancellationToken stop)
    {
        Detector detector = DetectorFile.Load(options.Experiment.Detector);
        MuonExperiment[] experiments = [.. Experiments()];
        MuonGeant4Deposits[] geant4 = [.. options.Geant4.Select(sample => new MuonGeant4Deposits(sample, detector, options.Geant4Seed))];
        IReadOnlyList<MuonTestSample> samples = MuonTestSamples.Of(options.Experiment, geant4, detector);
        IReadOnlyList<(MuonTestSample WithoutMuon, MuonTestSample Spectrum)> rateSamples = MuonTestSamples.ForRates(
            options.Experiment, detector);
        int methods = experiments.Length + 3;
        long perStep = (long)(options.Experiment.Training.BatchSize * options.Experiment.Data.TrainingBackgrounds.Average(Effort));
        long perStageStep = (long)(options.Experiment.Measurement.BatchSize * StageEffort);
        long training = experiments.Where(e => !File.Exists(Path.Combine(FolderOf(e), MuonTrainingRun.ModelName)))
            .Sum(e => (MuonTrainer.StepsOf(e) * perStep) + (MuonTrainingRun.StageStepsOf(e) * perStageStep));
        IReadOnlyList<MuonCountedSample> counted = MuonCountedSample.Of(options.Experiment, geant4, detector);
        long evaluating = samples.Concat(rateSamples.SelectMany(r => new[] { r.WithoutMuon, r.Spectrum })).Sum(s => methods * PerMethod(s))
            + counted.Sum(c => PerCount(c.Background) * c.Events);
        using IStageProgress whole = progress.Begin("the whole run, by effort", training + evaluating, "units");
        MuonModel[] models = Train(detector, experiments, new CountedProgress(
            progress, whole, name => name == MeasurementTraining.StageName ? perStageStep : perStep), stop);
        MuonChain chain = new(options.Experiment, detector);
        MuonSampleResult Evaluate(MuonTestSample sample)
        {
            MuonSampleEvaluation evaluation = new(chain, models, sample, Path.Combine(folder, "samples", sample.Name));
            using IStageProgress stage = new CountedProgress(progress, whole, _ => PerMethod(sample)).Begin(
                "evaluate " + sample.Name, evaluation.Count, "methods");
            return evaluation.Run(threads, stage, stop);
        }

        MuonSampleResult[] results = [.. samples.Select(Evaluate)];
        MuonRates[] rates = [.. rateSamples.Select(r => MuonRates.Of(
            chain,
            results.First(s => s.Events.Source == "simulation" && s.Background == r.Spectrum.Background),
            Evaluate(r.WithoutMuon),
            Evaluate(r.Spectrum)))];
        MuonEfficiencyRun efficiency = new(chain, models, Path.Combine(folder, "efficiency"));
        MuonEfficiency[] efficiencies = [.. counted.Select(
            c => efficiency.Run(c, threads, new CountedProgress(progress, whole, _ => PerCount(c.Background)), stop))];
        return new(chain, models, results) { Rates = rates, Efficiencies = efficiencies };
    }

    private IEnumerable<MuonExperiment> Experiments() =>
        from i in Enumerable.Range(0, options.Seeds)
        from method in options.Methods
        select options.Experiment with
        {
            Seed = options.Experiment.Seed + (ulong)i,
            Loss = options.Experiment.Loss with
            {
                EndToEnd = method == MuonMethod.EndToEnd,
                LocalLikelihood = method == MuonMethod.Factorised ? 0 : options.Experiment.Loss.LocalLikelihood,
            },
        };

    // All methods of a seed share its events, which are simulated when the first of them asks and forgotten when all are done.
    private MuonModel[] Train(Detector detector, MuonExperiment[] experiments, CountedProgress counted, CancellationToken stop)
    {
        Lazy<EventSet> validation = new(() => Simulated(
            "validation events", workers => MuonSamples.Validation(options.Experiment, detector, workers)));
        Dictionary<ulong, Lazy<EventSet>> training = experiments.Select(e => e.Seed).Distinct().ToDictionary(
            seed => seed,
            seed => new Lazy<EventSet>(() => Simulated($"training events, seed {seed}", workers =>
                MuonSamples.Training(options.Experiment with { Seed = seed }, detector, workers))));
        Dictionary<ulong, int> left = experiments.GroupBy(e => e.Seed).ToDictionary(g => g.Key, g => g.Count());
        MuonModel[] models = new MuonModel[experiments.Length];
        SideBySide.Run(experiments.Length, threads.Count, (i, lane) =>
        {
            MuonExperiment experiment = experiments[i];
            Lazy<EventSet> events;
            lock (training)
            {
                events = training[experiment.Seed];
            }

            models[i] = new MuonTrainingRun(experiment, new(experiment, detector), FolderOf(experiment), lane, counted).Run(
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
        Path.Combine(folder, "models", string.Create(
            CultureInfo.InvariantCulture, $"{MuonTrainingRun.MethodOf(experiment)}-seed{experiment.Seed}"));

    // Hits, and with them the time of an event, grow about linearly with the flux; an evaluation, with its readings and the mirror image,
    // takes two thirds of a step of training.
    private static double Effort(double flux) => 1 + (flux / 5);

    // An event of the measurement stage, whose time hardly grows with the flux.
    private const double StageEffort = 0.12;

    private static long PerMethod(MuonTestSample sample) => (long)Math.Ceiling(sample.Events * Effort(sample.Background) * 2 / 3);

    // Half of the methods see each event.
    private long PerCount(double flux) => (long)Math.Ceiling(options.Seeds * Effort(flux) / 3);

    private EventSet Simulated(string name, Func<WorkerThreads, EventSet> simulate)
    {
        using IStageProgress stage = progress.Begin("simulate " + name, 1, "samples");
        using WorkerThreads own = new(threads.Count);
        EventSet events = simulate(own);
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
    /// <summary>The methods that are trained; without a choice those of <see cref="TrainedBy"/>.</summary>
    public IReadOnlyList<MuonMethod> Methods { get => field ?? TrainedBy(Experiment); init; }

    /// <summary>Geant4 test samples; none for detectors of which there are no deposits.</summary>
    public IReadOnlyList<MuonGeant4Sample> Geant4 { get; init; } = [];
    /// <summary>Seed of the digitisation of Geant4 events.</summary>
    public ulong Geant4Seed { get; init; } = 77;

    /// <summary>The methods that an experiment trains: with a weight of the local likelihood all three, else the two that need
    /// none.</summary>
    public static IReadOnlyList<MuonMethod> TrainedBy(MuonExperiment experiment) => experiment.Loss.LocalLikelihood > 0
        ? [MuonMethod.Factorised, MuonMethod.Local, MuonMethod.EndToEnd]
        : [MuonMethod.Factorised, MuonMethod.EndToEnd];
}
