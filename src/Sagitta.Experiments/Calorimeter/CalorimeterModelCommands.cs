using System.Text;
using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Calorimeter;

/// <summary>"train", "tune" and "compare" for calorimeters without their command lines.</summary>
internal static class CalorimeterModelCommands
{
    private const string ModelName = "model.safetensors";

    /// <summary>Writes experiment.yaml for a calorimeter into a folder and returns its path; an existing one is kept.</summary>
    /// <exception cref="BadInputException">There is no such calorimeter, or the file exists.</exception>
    public static string CreateExperiment(string detector, string folder)
    {
        _ = CalorimeterGeometry.Load(detector);
        string file = Path.Combine(folder, "experiment.yaml");
        if (File.Exists(file))
        {
            throw new BadInputException($"'{file}'", "it exists already", "remove it, or give another folder");
        }

        CalorimeterExperiment experiment = new() { Detector = File.Exists(detector) ? Path.GetFullPath(detector) : detector };
        AtomicFile.WriteText(file, $"# Protons in the calorimeter {detector}. Every field is here: change what you like.\n"
            + ExperimentTemplate.Write(experiment));
        return file;
    }

    /// <summary>The method of an experiment file that a label names, such as pat-25; null names the first.</summary>
    public static CalorimeterMethodOptions MethodOf(CalorimeterExperiment experiment, string file, string? label) => label is null
        ? experiment.Methods[0]
        : experiment.Methods.FirstOrDefault(m => m.Label == label) ?? throw new BadInputException(
            $"--method {label}", $"'{file}' has no such method",
            $"give one of {string.Join(", ", experiment.Methods.Select(m => m.Label))}");

    /// <summary>Trains a method of an experiment in a folder, or goes on there; returns a line for the user.</summary>
    /// <param name="experiment">The experiment; its seed is that of the training.</param>
    /// <param name="method">The method.</param>
    /// <param name="folder">Where the model and its checkpoint go.</param>
    /// <param name="threadCount">Number of threads.</param>
    /// <param name="progress">Progress.</param>
    /// <param name="stop">Leaves a checkpoint.</param>
    /// <param name="ranks">Processes that train together; null for one.</param>
    public static string Train(
        CalorimeterExperiment experiment, CalorimeterMethodOptions method, string folder, int threadCount, IRunProgress progress,
        CancellationToken stop, Ranks? ranks = null)
    {
        ranks ??= Ranks.Alone;
        using WorkerThreads threads = new(threadCount);
        using CalorimeterTrainer trainer = new(
            experiment, method, experiment.Seed, CalorimeterSource.ReadAll(experiment), threads, ranks);
        if (ranks.IsFirst)
        {
            AtomicFile.WriteText(Path.Combine(folder, "config.yaml"), ConfigurationFile.Write(experiment));
        }

        using CalorimeterModel model = trainer.Run(folder, progress, stop);
        string file = Path.Combine(folder, ModelName);
        if (ranks.IsFirst)
        {
            model.Write(file);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
                $"{file}: {method.Label}, seed {model.Seed}, best purity on validation frames {trainer.BestPurity:F3}");
    }

    /// <summary>
    /// Finds on validation frames what no training finds: the follower's largest bend and a model's price for unassigned hits. Returns the
    /// section of an experiment file that holds the price; the model with its price is written to a folder if one is given.
    /// </summary>
    public static string Tune(string configuration, IReadOnlyList<string> settings, string? modelPath, string? folder, int threadCount,
        IRunProgress progress, CancellationToken stop)
    {
        CalorimeterExperiment experiment = ConfigurationFile.Load<CalorimeterExperiment>(configuration, settings);
        using WorkerThreads threads = new(threadCount);
        using CalorimeterEvaluation evaluation = new(threads);
        using CalorimeterModel model = CalorimeterReconstructor.Read(modelPath, detector: null);
        CalorimeterFrame[] frames = [.. CalorimeterSource.ReadAll(experiment).SelectMany(s => s.Validation)];
        using IStageProgress stage = progress.Begin("tune", 2, "settings");
        double bend = evaluation.Tune(experiment, frames);
        stage.Advance();
        stop.ThrowIfCancellationRequested();
        double price = evaluation.TunePrice(model, frames);
        stage.Advance();
        if (folder is not null)
        {
            using CalorimeterModel priced = model.WithPrice(double.IsFinite(price) ? price : null);
            priced.Ranges = CalorimeterWatch.Ranges(priced, frames);
            priced.Write(Path.Combine(folder, ModelName));
        }

        string found = double.IsFinite(price)
            ? $"  unassignedPrice: {price.ToString("R", CultureInfo.InvariantCulture)}\n"
            : "  # no price makes purity times efficiency higher than none: leave unassignedPrice out\n";
        return string.Create(CultureInfo.InvariantCulture,
            $"# follower: largest bend {bend} rad, on {frames.Length} validation frames\ntracks:\n")
            + found;
    }

    /// <summary>
    /// Models, or all models of folders, on the same frames, each against the first: a table, and the "comparison" section of the summary.
    /// Differences are paired by frame; their 95 % intervals come from resampling frames.
    /// </summary>
    public static string Compare(
        IReadOnlyList<string> paths, CalorimeterReconstructionRequest input, ulong seed, RunSummary summary, Action<string> note)
    {
        string[] files = [.. paths.SelectMany(ModelsIn)];
        if (files.Length < 2)
        {
            throw new BadInputException(
                "the command line", files.Length == 0 ? "there is no model"
                    : "there is one model only", "give two or more models or run folders");
        }

        IReadOnlyList<CalorimeterFrame> frames = CalorimeterCommands.FramesWithTruth(input, files[0], note);
        using WorkerThreads threads = new(input.Threads);
        using CalorimeterEvaluation evaluation = new(threads);
        List<IReadOnlyList<FrameResult>> results = [];
        foreach (string file in files)
        {
            using CalorimeterModel model = CalorimeterReconstructor.Read(file, input.Detector);
            results.Add(evaluation.Run(model, frames));
        }

        StringBuilder table = new();
        table.Append(
            CultureInfo.InvariantCulture,
            $"{frames.Count} frames of {input.Protons} protons; differences to the first model with 95 % intervals\n");
        JsonArray rows = [];
        for (int i = 0; i < files.Length; i++)
        {
            CalorimeterMetrics own = new(results[i]);
            JsonObject row = new() { ["model"] = files[i], ["purity"] = own.Purity, ["efficiency"] = own.Efficiency };
            table.Append(
                CultureInfo.InvariantCulture, $"{files[i],-48} purity {100 * own.Purity,5:F1} %  efficiency {100 * own.Efficiency,5:F1} %");
            if (i > 0)
            {
                PairedDifference Difference(Func<FrameResult, double> value) => FramePairs.Difference(
                    [[.. results[0].Select(value)]], [[.. results[i].Select(value)]], RandomKey.FromSeed(seed));
                row["purityDifference"] = Add(table, "purity", Difference(f => f.Score.Purity));
                row["efficiencyDifference"] = Add(table, "efficiency", Difference(f => f.Score.Efficiency));
            }

            table.Append('\n');
            rows.Add((JsonNode)row);
        }

        summary.Sections["comparison"] = rows;
        return table.ToString();
    }

    private static JsonObject Add(StringBuilder table, string name, PairedDifference difference)
    {
        table.Append(
            CultureInfo.InvariantCulture,
            $"  {name} {100 * difference.Value:+0.0;-0.0;0.0} "
                + $"[{100 * difference.Low:+0.0;-0.0;0.0}, {100 * difference.High:+0.0;-0.0;0.0}]");
        double? Finite(double value) => double.IsFinite(value) ? value : null;
        return new() { ["value"] = Finite(difference.Value), ["low"] = Finite(difference.Low), ["high"] = Finite(difference.High) };
    }

    private static string[] ModelsIn(string path)
    {
        string[] found = Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, ModelName, SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [path];
        return found.Length > 0 ? found : throw new BadInputException(
            $"'{path}'", $"the folder holds no {ModelName}", "give a model file, or the folder of a run that has finished a training");
    }
}
