namespace Sagitta.Experiments.Calorimeter;

/// <summary>Takes or trains all methods with all seeds and tests them, with the follower beside them. What is finished in the folder is not
/// done again.</summary>
/// <param name="experiment">Methods, data, training.</param>
/// <param name="folder">Where trainings go.</param>
/// <param name="train">Whether to train all models, those too that come with Sagitta.</param>
/// <param name="threads">Threads.</param>
/// <param name="progress">Progress.</param>
internal sealed class CalorimeterReproduction(
    CalorimeterExperiment experiment, string folder, bool train, WorkerThreads threads, IRunProgress progress)
{
    /// <summary>Runs everything.</summary>
    public CalorimeterComparison Run(CancellationToken stop)
    {
        IReadOnlyList<CalorimeterSource> sources;
        using (progress.Begin("read events", 0, "files"))
        {
            sources = CalorimeterSource.ReadAll(experiment);
        }

        List<CalorimeterModel> models = [];
        foreach (CalorimeterMethodOptions method in experiment.Methods)
        {
            ulong[] seeds = [.. Enumerable.Range(0, experiment.Seeds).Select(seed => experiment.Seed + (ulong)seed)];
            CalorimeterModel[] shipped = train ? [] : [.. seeds.Select(seed => Shipped(experiment, method, seed))
                .OfType<CalorimeterModel>()];
            if (shipped.Length > 0)
            {
                progress.Note($"{method.Label}: {shipped.Length} of {seeds.Length} seeds come with Sagitta"
                    + (shipped.Length < seeds.Length ? "; --train adds the others" : ""));
            }

            models.AddRange(shipped.Length > 0 ? shipped : seeds.Select(seed => Train(method, seed, sources, stop)));
        }

        return Test(models, sources, stop);
    }

    /// <summary>Name of the folder of one training within that of a reproduction.</summary>
    public static string FolderOf(CalorimeterMethodOptions method, ulong seed) =>
        string.Create(CultureInfo.InvariantCulture, $"{CalorimeterTrainer.Name(method)}-seed{seed}");

    /// <summary>The model of a method and seed that comes with Sagitta, of the default training or of one of as many steps; null if there
    /// is none of this training.</summary>
    public static CalorimeterModel? Shipped(CalorimeterExperiment experiment, CalorimeterMethodOptions method, ulong seed)
    {
        string name = $"{FolderOf(method, seed)}.safetensors";
        string?[] files = [ShippedFile.TryFind($"models/calorimeter/{name}"),
            ShippedFile.TryFind($"models/calorimeter/steps-{experiment.Training.Steps}/{name}")];
        return files.OfType<string>().Select(file => Read(experiment, method, file)).FirstOrDefault(model => model is not null);
    }

    // The model of a file if it was trained as the experiment says.
    private static CalorimeterModel? Read(CalorimeterExperiment experiment, CalorimeterMethodOptions method, string file)
    {
        CalorimeterModel done = CalorimeterModel.Read(file);
        if (done.Experiment.Training == experiment.Training && done.Experiment.Network == experiment.Network
            && done.Experiment.Gates == experiment.Gates && done.Experiment.Detector == experiment.Detector && done.Method == method)
        {
            return done;
        }

        done.Dispose();
        return null;
    }

    private CalorimeterModel Train(CalorimeterMethodOptions method, ulong seed, IReadOnlyList<CalorimeterSource> sources,
        CancellationToken stop)
    {
        string place = Path.Combine(folder, FolderOf(method, seed));
        string file = Path.Combine(place, "model.safetensors");
        if (File.Exists(file) && Read(experiment, method, file) is { } done)
        {
            if (ConfigurationFile.Write(done.Experiment.Data) == ConfigurationFile.Write(experiment.Data))
            {
                return done;
            }

            done.Dispose();
        }

        using CalorimeterTrainer trainer = new(experiment, method, seed, sources, threads);
        CalorimeterModel model = trainer.Run(place, progress, stop);
        model.Write(file);
        return model;
    }

    private CalorimeterComparison Test(List<CalorimeterModel> models, IReadOnlyList<CalorimeterSource> sources, CancellationToken stop)
    {
        using CalorimeterEvaluation evaluation = new(threads);
        CalorimeterFrame[] validation = [.. sources.SelectMany(s => s.Validation)];
        double bend = evaluation.Tune(experiment, validation);
        CalorimeterModel[] priced = experiment.TunePrice
            ? [.. models.Select(m => m.WithPrice(evaluation.TunePrice(m, validation)))] : [];
        try
        {
            return Test(models, priced, sources, validation, bend, evaluation, stop);
        }
        finally
        {
            foreach (CalorimeterModel model in priced)
            {
                model.Dispose();
            }
        }
    }

    private CalorimeterComparison Test(List<CalorimeterModel> models, CalorimeterModel[] priced, IReadOnlyList<CalorimeterSource> sources,
        CalorimeterFrame[] validation, double bend, CalorimeterEvaluation evaluation, CancellationToken stop)
    {
        List<CalorimeterSampleResult> samples = [];
        CalorimeterFrame? example = null;
        int total = sources.Count * experiment.Data.TestProtons.Count;
        using IStageProgress stage = progress.Begin("test", total, "samples");
        foreach (CalorimeterSource source in sources)
        {
            foreach (int protons in experiment.Data.TestProtons)
            {
                stop.ThrowIfCancellationRequested();
                IReadOnlyList<CalorimeterFrame> frames = source.Test.Frames(protons, experiment.Data.TestFrames);
                example = frames.Count > 0 && (example is null || source.Water == 200) && protons <= 50 ? frames[0] : example;
                samples.Add(new(string.Create(CultureInfo.InvariantCulture, $"water{source.Water}-{protons}"), source.Water, protons,
                    frames.Count,
                    [.. models.Select(m => new CalorimeterMethodResult(m.Method.KindName, m.Method, m.Seed, evaluation.Run(m, frames))),
                        .. priced.Select(m => new CalorimeterMethodResult(m.Method.KindName, m.Method, m.Seed, evaluation.Run(m, frames),
                            m.Experiment.Tracks.UnassignedPrice)),
                        new(CalorimeterMethodResult.Follower, null, 0, evaluation.Run(bend, experiment, frames))]));
                stage.Advance();
            }
        }

        CalorimeterComparison comparison = new(experiment, samples, models, bend, example)
        {
            Primaries = sources.Max(source => source.Training.Count),
            Validation = [.. models.GroupBy(m => m.Method.Label, StringComparer.Ordinal).Select(seeds =>
            {
                double[] purities = [.. seeds.Select(model => new CalorimeterMetrics(evaluation.Run(model, validation)).Purity)];
                double mean = purities.Average();
                return new ValidationPurity(seeds.First().Method, new(mean, purities.Length < 2 ? double.NaN
                    : Math.Sqrt(purities.Sum(p => (p - mean) * (p - mean)) / (purities.Length - 1.0) / purities.Length)));
            })],
        };
        string[] labels = [.. new[] { experiment.Methods.FirstOrDefault(m => m.Name == CalorimeterMethodKind.PredictThenTrack)?.Label,
            comparison.Chosen }.OfType<string>()];
        MethodSeeds[] compared = [.. MethodSeeds.Of(labels, models),
            .. MethodSeeds.Of(labels, priced).Select(m => m with { Label = m.Label + CalorimeterMethodResult.Priced })];
        MethodSeeds[] imaged = [.. compared,
            .. MethodSeeds.Of(experiment.Methods.Where(m => m.RangeWeight > 0).Select(m => m.Label), models)];
        CalorimeterStudies studies = new(experiment, models[0], bend, evaluation);
        using IStageProgress more = progress.Begin("studies", 3, "tables");
        IReadOnlyList<MarginCurve> curves = studies.Curves(sources, compared);
        more.Advance();
        stop.ThrowIfCancellationRequested();
        RangeQuality[] ranges = [.. studies.Ranges(sources, imaged, curves)];
        more.Advance();
        ImageRow[] images = [.. studies.Images(imaged, threads, progress, stop)];
        return comparison with { Curves = curves, Ranges = ranges, Images = images };
    }
}
