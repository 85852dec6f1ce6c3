namespace Sagitta.Experiments.Calorimeter;

/// <summary>Trains all methods with all seeds and tests them, with the follower beside them. What is finished in the folder is not done
/// again.</summary>
internal sealed class CalorimeterReproduction(CalorimeterExperiment experiment, string folder, WorkerThreads threads, IRunProgress progress)
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
        for (int seed = 0; seed < experiment.Seeds; seed++)
        {
            foreach (CalorimeterMethodOptions method in experiment.Methods)
            {
                models.Add(Train(method, experiment.Seed + (ulong)seed, sources, stop));
            }
        }

        return Test(models, sources, stop);
    }

    /// <summary>Name of the folder of one training within that of a reproduction.</summary>
    public static string FolderOf(CalorimeterMethodOptions method, ulong seed) =>
        string.Create(CultureInfo.InvariantCulture, $"{CalorimeterTrainer.Name(method)}-seed{seed}");

    private CalorimeterModel Train(CalorimeterMethodOptions method, ulong seed, IReadOnlyList<CalorimeterSource> sources,
        CancellationToken stop)
    {
        string place = Path.Combine(folder, FolderOf(method, seed));
        string file = Path.Combine(place, "model.safetensors");
        if (File.Exists(file))
        {
            CalorimeterModel done = CalorimeterModel.Read(file);
            if (done.Experiment.Training == experiment.Training && done.Experiment.Network == experiment.Network
                && done.Experiment.Gates == experiment.Gates && done.Experiment.Detector == experiment.Detector && done.Method == method)
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
        double[] prices = experiment.TunePrice ? [.. models.Select(m => evaluation.TunePrice(m, validation))] : [];
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
                List<CalorimeterMethodResult> results = [.. models.Select(
                    m => new CalorimeterMethodResult(m.Method.KindName, m.Method, m.Seed, new(evaluation.Run(m, frames))))];
                for (int i = 0; i < prices.Length; i++)
                {
                    using CalorimeterModel priced = models[i].WithPrice(prices[i]);
                    results.Add(new(priced.Method.KindName, priced.Method, priced.Seed, new(evaluation.Run(priced, frames)), prices[i]));
                }

                results.Add(new("follower", null, 0, new(evaluation.Run(bend, experiment, frames))));
                samples.Add(new(string.Create(CultureInfo.InvariantCulture, $"water{source.Water}-{protons}"), source.Water, protons,
                    frames.Count,
                    results));
                stage.Advance();
            }
        }

        return new(experiment, samples, models, bend, example);
    }
}
