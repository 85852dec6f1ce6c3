namespace Sagitta.Experiments.Muon;

/// <summary>"train muon", "tune muon", "evaluate muon" and "reconstruct muon" without their command lines.</summary>
internal static class MuonCommands
{
    // A clean sample, the usual flux and the highest of a scan, kHz/cm2.
    private static readonly double[] TuningFluxes = [0, 5, 20];

    // In units of the limit: beyond it even the road alone is of use only for the softest muons.
    private const double LargestUsefulCore = 5;

    /// <summary>Trains the model of one experiment in a folder, or continues there; returns a line for the user. With the path of
    /// a model, its network stays as it is and its measurement stage alone is trained.</summary>
    public static string Train(MuonExperiment experiment, string? networkPath, string folder, int threadCount, IRunProgress progress,
        CancellationToken stop, Ranks? ranks = null)
    {
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
            MuonModel staged = new MuonTrainingRun(kept, new(kept, network.Detector), folder, threads, progress, ranks).RunStage(
                network, training, validation, stop);
            ResolutionSummary own = new MuonEvaluation(new(kept, network.Detector), threads).Network(staged, validation.Value).Resolution;
            return string.Create(CultureInfo.InvariantCulture,
                $"{Path.Combine(folder, MuonTrainingRun.ModelName)}: {staged.Method}, core {own.CoreWidth:0.000} limits on validation "
                    + $"events, "
                    + $"errors x {staged.ErrorScale:0.000}");
        }

        MuonModel model = new MuonTrainingRun(experiment, new(experiment, detector), folder, threads, progress, ranks).Run(
            training, validation, stop);
        return $"{Path.Combine(folder, "model.safetensors")}: {model.Method}, reading {model.Reading.Name}"
            + (ranks is { IsFirst: false } ? "" : Verdict(folder));
    }

    // A training whose momenta no trigger could use says so, and how to mend it.
    private static string Verdict(string folder)
    {
        string[] rows = File.ReadAllLines(Path.Combine(folder, "metrics.csv"));
        int column = Array.IndexOf(rows[0].Split(','), "validation_core");
        bool known = NumberText.TryRead(rows[^1].Split(',')[column], out double core);
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
            AtomicFile.WriteText(Path.Combine(folder, "experiment.yaml"), ExperimentTemplate.Write(whole));
        }

        return Section("clustering", ConfigurationFile.Write(clusters)) + Section("classical", ConfigurationFile.Write(tuned));
    }

    /// <summary>Evaluates models, and the methods without one, on a sample; adds the "muon" section and returns the table, null where
    /// parts of other jobs lack.</summary>
    public static string? Evaluate(IReadOnlyList<string> modelPaths, MuonInput input, int threadCount, RunSummary summary,
        SharedSample shared)
    {
        modelPaths = input.ModelFiles(modelPaths);
        IReadOnlyList<MuonModel> models = MuonModelFile.ReadAll(modelPaths);
        Detector detector = input.DetectorFor(models[0]);
        using WorkerThreads threads = new(threadCount);
        MuonChain chain = new(models[0].Experiment, detector);
        EventSet all = input.Load(chain, threads);
        return shared.Run(all.Count, (range, ranks) =>
        {
            MuonComparison comparison = new(chain, models, [Methods(modelPaths, models, input, chain, all.Slice(range), threads, ranks)]);
            summary.Sections["muon"] = MuonSummary.Of(comparison);
            return MuonTable.Of(comparison);
        });
    }

    private static MuonSampleResult Methods(IReadOnlyList<string> modelPaths, IReadOnlyList<MuonModel> models, MuonInput input,
        MuonChain chain, EventSet events, WorkerThreads threads, Ranks ranks)
    {
        MuonEvaluation evaluation = new(chain, threads) { Measurement = MuonModel.WithStage(models)?.Measurement, Ranks = ranks };
        List<MuonMethodResult> methods = [evaluation.Truth(events)];
        for (int i = 0; i < models.Count; i++)
        {
            MuonModel model = models[i];
            MuonEvaluation own = new(new(model.Experiment, chain.Detector), threads) { Ranks = ranks };
            MuonMethodResult result = own.Network(model, events);
            bool seeds = AreSeeds([.. models.Where(other => other.Method == model.Method)]);
            methods.AddRange(new[] { result, own.WithOutlierRemoval(model, result, events), own.WithTrackSearch(model, result, events) }
                .Select(found => seeds ? found : found with
                {
                    Method =
                    found.Method with { Variant = $"{found.Method} of {modelPaths[i]}" }
                }));
        }

        methods.Add(evaluation.Classical(events));
        methods.Add(evaluation.Road(events));
        return new(events.Source, input.Events is null ? input.Background : events.BackgroundKHzPerCm2, events, methods);
    }

    /// <summary>
    /// Finds the track of every event with one model, or the one that a search finds among its scored hits, and writes them while they are
    /// found, by the file's name; - is CSV on <paramref name="output"/>. Of several parts each has its share of the events.
    /// </summary>
    public static string Reconstruct(string? modelPath, MuonInput input, bool trackSearch, IReadOnlyList<FilePart> parts, int threadCount,
        Stream output, IRunProgress progress, CancellationToken stop)
    {
        using var reconstructor = MuonReconstructor.Load(
            input.ModelFile(modelPath), input.Detector is { } given ? DetectorFile.Load(given) : null, trackSearch,
            threadCount);
        long events = 0, found = 0;
        bool roads = true;
        bool shares = parts is not ([] or [{ Command: null }]);
        input = shares ? input.Held(reconstructor.Detector) : input;
        GroupIndex? index = shares ? input.Index(reconstructor.Detector) : null;
        foreach (FilePart part in parts)
        {
            part.Write(index?.Count ?? 0, (file, first, count) =>
            {
                // Not before there is a track: what can't be read is told alone.
                using LateStage stage = new(() => progress.Begin("reconstruct", count, "events"));
                TrackFile.Write(file, output, input.LoadParts(
                    reconstructor.Detector, index is null ? null : new(index, first, count, part)).SelectMany(hits =>
                    {
                        roads &= hits.HasRoads;
                        return reconstructor.Reconstruct(hits);
                    }).Select(track =>
                    {
                        stop.ThrowIfCancellationRequested();
                        stage.Advance();
                        events++;
                        found += track.Status == SolveStatus.Converged ? 1 : 0;
                        return track;
                    }));
            });
        }

        foreach (string warning in reconstructor.Warnings)
        {
            input.Note($"warning: {warning}");
        }

        string files = parts.Count == 0 ? "no part was left to do" : string.Join(", ", parts.Select(part => part.File));
        return $"{files}: {events} events, {found} tracks" + (roads ? "" : "; the hits have no roads, so these were found from the hits");
    }

    // Models that differ in the seed alone are one method, whose numbers are means; others stand for themselves.
    private static bool AreSeeds(IReadOnlyList<MuonModel> models) =>
        models.Select(model => model.Experiment.Seed).Distinct().Count() == models.Count
        && models.Select(model => ConfigurationFile.Write(model.Experiment with { Seed = 0 })).Distinct(StringComparer.Ordinal).Count(
            ) == 1;

    private static string Section(string name, string yaml) =>
        $"{name}:\n  {yaml.TrimEnd().Replace("\n", "\n  ", StringComparison.Ordinal)}\n";
}
