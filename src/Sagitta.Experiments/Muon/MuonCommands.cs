namespace Sagitta.Experiments.Muon;

/// <summary>"train muon", "tune muon", "evaluate muon" and "reconstruct muon" without their command lines.</summary>
internal static class MuonCommands
{
    // A clean sample, the usual flux and the highest of a scan, kHz/cm2.
    private static readonly double[] TuningFluxes = [0, 5, 20];

    // In units of the limit: beyond it even the road alone is of use only for the softest muons.
    private const double LargestUsefulCore = 5;

    /// <summary>Trains the model of one experiment file in a folder, or continues there; returns a line for the user. With the path of
    /// a model, its network stays as it is and its measurement stage alone is trained.</summary>
    public static string Train(string configuration, string? networkPath, IReadOnlyList<string> settings, ulong? seed, string folder,
        int threadCount, IRunProgress progress, CancellationToken stop)
    {
        MuonExperiment experiment = ConfigurationFile.Load<MuonExperiment>(configuration, settings);
        experiment = seed is { } given ? experiment with { Seed = given } : experiment;
        Detector detector = DetectorFile.Load(experiment.Detector);
        using WorkerThreads threads = new(threadCount);
        Lazy<EventSet> training = new(() => MuonSamples.Training(experiment, detector, threads));
        Lazy<EventSet> validation = new(() => MuonSamples.Validation(experiment, detector, threads));
        if (networkPath is not null)
        {
            MuonModel network = MuonModelFile.Read(networkPath);
            MuonExperiment kept = network.Experiment with
            {
                Measurement = experiment.Measurement with { Enabled = true },
                Network = network.Experiment.Network with { Symmetric = experiment.Network.Symmetric },
            };
            MuonModel staged = new MuonTrainingRun(kept, new(kept, network.Detector), folder, threads, progress).RunStage(
                network, training, validation, stop);
            ResolutionSummary own = new MuonEvaluation(new(kept, network.Detector), threads).Network(staged, validation.Value).Resolution;
            return string.Create(CultureInfo.InvariantCulture,
                $"{Path.Combine(folder, MuonTrainingRun.ModelName)}: {staged.Method}, core {own.CoreWidth:0.000} limits on validation "
                    + $"events, "
                    + $"errors x {staged.ErrorScale:0.000}");
        }

        MuonModel model = new MuonTrainingRun(experiment, new(experiment, detector), folder, threads, progress).Run(
            training, validation, stop);
        return $"{Path.Combine(folder, "model.safetensors")}: {model.Method}, reading {model.Reading.Name}" + Verdict(folder);
    }

    // A training whose momenta no trigger could use says so, and how to mend it.
    private static string Verdict(string folder)
    {
        string[] rows = File.ReadAllLines(Path.Combine(folder, "metrics.csv"));
        int column = Array.IndexOf(rows[0].Split(','), "validation_core");
        bool known = double.TryParse(rows[^1].Split(',')[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double core);
        return rows.Length < 2 || (known && core < LargestUsefulCore) ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"\nthis model is not useful: the core of its residuals on validation events is {core:0.#} limits; more events "
                + $"(data.training), ")
            + "more epochs (training.epochs) or 'sagitta tune' before the training may mend it";
    }

    /// <summary>Calibrates errors of clusters, tunes the classical method, and returns the sections of an experiment file that hold what
    /// was found.</summary>
    /// <param name="configuration">Experiment file.</param>
    /// <param name="settings">Overrides of its fields; they are not written.</param>
    /// <param name="folder">Where to write the whole experiment.yaml with what was found; null for none.</param>
    /// <param name="threadCount">Number of threads.</param>
    /// <param name="progress">Progress.</param>
    /// <param name="stop">Ends without a file.</param>
    public static string Tune(string configuration, IReadOnlyList<string> settings, string? folder, int threadCount, IRunProgress progress,
        CancellationToken stop)
    {
        MuonExperiment experiment = ConfigurationFile.Load<MuonExperiment>(configuration, settings);
        Detector detector = DetectorFile.Load(experiment.Detector);
        using WorkerThreads threads = new(threadCount);
        ClusterOptions clusters = experiment.Clustering with
        {
            Resolution = new ClusterCalibration(detector, experiment.Data.Validation, threads).Run(experiment.Clustering.Resolution),
        };
        ClassicalOptions tuned = new ClassicalTuning(experiment with { Clustering = clusters }, detector, TuningFluxes, threads).Run(
            progress, stop);
        if (folder is not null)
        {
            MuonExperiment whole = ConfigurationFile.Load<MuonExperiment>(configuration) with { Clustering = clusters, Classical = tuned };
            Directory.CreateDirectory(folder);
            AtomicFile.WriteText(Path.Combine(folder, "experiment.yaml"), ExperimentTemplate.Write(whole));
        }

        return Section("clustering", ConfigurationFile.Write(clusters)) + Section("classical", ConfigurationFile.Write(tuned));
    }

    /// <summary>Evaluates models, and the methods without one, on a sample; adds the "muon" section and returns the table.</summary>
    public static string Evaluate(IReadOnlyList<string> modelPaths, MuonInput input, int threadCount, RunSummary summary)
    {
        IReadOnlyList<MuonModel> models = MuonModelFile.ReadAll(modelPaths);
        Detector detector = input.DetectorFor(models[0]);
        using WorkerThreads threads = new(threadCount);
        MuonChain chain = new(models[0].Experiment, detector);
        EventSet events = input.Load(chain, threads);
        MuonEvaluation evaluation = new(chain, threads) { Measurement = MuonModel.WithStage(models)?.Measurement };
        List<MuonMethodResult> methods = [evaluation.Truth(events)];
        foreach (MuonModel model in models)
        {
            MuonEvaluation own = new(new(model.Experiment, detector), threads);
            MuonMethodResult result = own.Network(model, events);
            methods.AddRange([result, own.WithOutlierRemoval(model, result, events), own.WithTrackSearch(model, result, events)]);
        }

        methods.Add(evaluation.Classical(events));
        methods.Add(evaluation.Road(events));
        MuonComparison comparison = new(chain, models,
            [new(events.Source, input.Events is null ? input.Background : events.BackgroundKHzPerCm2, events, methods)]);
        summary.Sections["muon"] = MuonSummary.Of(comparison);
        return MuonTable.Of(comparison);
    }

    /// <summary>
    /// Finds the track of every event with one model, or the one that a search finds among its scored hits, and writes them as CSV or NPZ,
    /// by the file's name; - is CSV on <paramref name="output"/>.
    /// </summary>
    public static string Reconstruct(string? modelPath, MuonInput input, bool trackSearch, string file, int threadCount, Stream output)
    {
        using var reconstructor = MuonReconstructor.Load(
            modelPath, input.Detector is { } given ? DetectorFile.Load(given) : null, trackSearch,
            threadCount);
        HitSet hits = input.LoadHits(reconstructor.Detector);
        MuonTrack[] tracks = [.. reconstructor.Reconstruct(hits)];
        if (file == "-")
        {
            TrackFile.WriteCsv(tracks, output);
        }
        else
        {
            TrackFile.Write(file, tracks);
        }

        return $"{file}: {tracks.Length} events, {tracks.Count(t => t.Status == SolveStatus.Converged)} tracks"
            + (hits.HasRoads ? "" : "; the hits have no roads, so these were found from the hits");
    }

    private static string Section(string name, string yaml) =>
        $"{name}:\n  {yaml.TrimEnd().Replace("\n", "\n  ", StringComparison.Ordinal)}\n";
}
