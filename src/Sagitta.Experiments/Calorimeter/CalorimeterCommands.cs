namespace Sagitta.Experiments.Calorimeter;

/// <summary>"sagitta reproduce calorimeter" and "sagitta evaluate calorimeter" without their command line.</summary>
internal static class CalorimeterCommands
{
    /// <summary>
    /// Runs the shipped experiment (its quick or full form if asked) or the given one into <paramref name="folder"/>, adds the
    /// "calorimeter" section to the summary, writes report.html, results.md and tables.txt and returns the last as text.
    /// </summary>
    public static string Reproduce(CalorimeterRequest request, string folder, RunSummary summary, IRunProgress progress,
        CancellationToken stop)
    {
        string file = request.Configuration ?? ShippedFile.Find(
            Path.Combine("experiments", request.Quick ? "calorimeter-quick.yaml" : request.Full ? "calorimeter-full.yaml"
            : "calorimeter.yaml"));
        CalorimeterExperiment experiment = ConfigurationFile.Load<CalorimeterExperiment>(
            file, request.Settings) with
        { Seed = request.Seed };
        experiment = experiment with { Seeds = request.Seeds ?? experiment.Seeds };
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, "config.yaml"), ConfigurationFile.Write(experiment));
        using WorkerThreads threads = new(request.Threads);
        CalorimeterComparison comparison = new CalorimeterReproduction(experiment, folder, threads, progress).Run(stop);
        string table = string.Join('\n', TrainingLog.Tables(folder, comparison.Models)
            .Prepend(CalorimeterTable.PlainText(comparison.Samples)));
        AtomicFile.WriteText(Path.Combine(folder, "tables.txt"), table);
        CalorimeterReport.Write(comparison, Path.Combine(folder, "report.html"));
        AtomicFile.WriteText(Path.Combine(folder, "results.md"), CalorimeterReport.Markdown(comparison));
        summary.Sections["calorimeter"] = CalorimeterTable.Json(comparison.Samples);
        return table;
    }

    /// <summary>Tests models on a file of hits and returns the table as text.</summary>
    /// <param name="hits">CSV or NPZ file of passages.</param>
    /// <param name="protons">Protons of a frame.</param>
    /// <param name="models">Model files; the shipped ones if there are none.</param>
    /// <param name="keepElectrons">Whether electron and photon rows stay.</param>
    /// <param name="unassignedPrice">Price of a hit that is joined to none
    /// (UnassignedPrice); the model's own if null.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="summary">Gets the section.</param>
    public static string Evaluate(string hits, int protons, IReadOnlyList<string> models, bool keepElectrons, double? unassignedPrice,
        int threads, RunSummary summary)
    {
        CalorimeterEvents events = HitPreparation.Events(
            CalorimeterDepositReader.Read(hits), new() { KeepElectronsAndPhotons = keepElectrons });
        IReadOnlyList<CalorimeterFrame> frames = CalorimeterSource.Frames(events, protons, int.MaxValue);
        if (frames.Count == 0)
        {
            throw new BadInputException($"'{hits}'", $"{events.Count} events fill no frame of {protons}",
                "give more events or a smaller --protons-per-frame");
        }

        using WorkerThreads workers = new(threads);
        using CalorimeterEvaluation evaluation = new(workers);
        List<CalorimeterMethodResult> results = [];
        foreach (string file in models.Count > 0 ? models : ShippedModels())
        {
            using CalorimeterModel read = CalorimeterModel.Read(file);
            using CalorimeterModel? priced = unassignedPrice is { } price ? read.WithPrice(price) : null;
            results.Add(new(read.Method.Name, read.Method, read.Seed, new(evaluation.Run(priced ?? read, frames))));
        }

        string name = Path.GetFileName(hits);
        int water = name.StartsWith("water", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(5, Math.Min(3, name.Length - 5)), out int parsed) ? parsed : 0;
        CalorimeterSampleResult sample = new(name.Split('.')[0], water, protons, frames.Count, results);
        summary.Sections["calorimeter"] = CalorimeterTable.Json([sample]);
        return CalorimeterTable.PlainText([sample]);
    }

    /// <summary>The calorimeter models that come with Sagitta: of each method the one of its first seed.</summary>
    public static IReadOnlyList<string> ShippedModels()
    {
        string? folder = Path.GetDirectoryName(ShippedFile.TryFind("models/calorimeter/ptt-seed1.safetensors"));
        return folder is null ? [] : [.. Directory.EnumerateFiles(folder, "*-seed1.safetensors").Order(StringComparer.Ordinal)];
    }
}
