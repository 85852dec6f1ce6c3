namespace Sagitta.Experiments.Muon.Exporting;

/// <summary>"display muon", "export" and "compare muon" without their command lines.</summary>
internal static class MuonExportCommands
{
    /// <summary>One event, the first of the input without a number, as a page with a picture that zooms; returns a line for the user. The
    /// first model gives scores and influence; without any the shipped ones stand.</summary>
    public static string Display(IReadOnlyList<string> modelPaths, MuonInput input, long? number, string file)
    {
        IReadOnlyList<MuonModel> models = MuonModelFile.ReadAll(input.ModelFiles(modelPaths));
        Detector detector = input.DetectorFor(models[0]);
        MuonChain chain = new(models[0].Experiment, detector);
        using WorkerThreads threads = new(1);
        EventSet events = input.LoadShown(chain, threads);
        int index = number is { } wanted ? Array.IndexOf(events.EventNumber, wanted) : events.Count > 0 ? 0 : -1;
        if (index < 0)
        {
            throw new BadInputException(
                number is { } missing ? $"event {missing}" : "the events",
                events.Count == 0 ? "there are none" : "there is no event of this number",
                events.Count == 0 ? "give a file with events"
                    : $"give a number from {events.EventNumber.Min()} to {events.EventNumber.Max()} that the file holds");
        }

        EventDisplay display = MuonEventPicture.Draw(chain, models, events, index, "");
        ReportWriter.WriteEvent(file, "Event", events.EventNumber[index], display, string.Create(CultureInfo.InvariantCulture,
            $"Detector {detector.Name}, {events.Source} hits, {events.Background[index]:0.##} kHz/cm2"));
        return $"{file}: event {events.EventNumber[index]} with {events.HitOffsets[index + 1] - events.HitOffsets[index]} hits";
    }

    /// <summary>A model for other tools: .onnx for its network, .npz for its weights; returns a line for the user.</summary>
    public static string ExportModel(string? modelPath, string file)
    {
        MuonModel model = MuonModelFile.Read(modelPath ?? MuonModelFile.Shipped(null)[0]);
        ModelExport.Write(file, path => MuonOnnx.WriteNetwork(path, model), model.Parameters.Layout, model.Parameters,
            ("method", model.Method.Name), ("reading", MuonModelFile.Describe(model.Reading)),
            ("experiment", ConfigurationFile.Write(model.Experiment)));
        return $"{file}: {model.Method}, reading {MuonModelFile.Describe(model.Reading)}";
    }

    /// <summary>All that a model does from hits to a track as one ONNX graph; returns a line for the user.</summary>
    public static string ExportChain(string? modelPath, string file)
    {
        MuonModel model = MuonModelFile.Read(modelPath ?? MuonModelFile.Shipped(null)[0]);
        MuonOnnx.WriteChain(file, model);
        return $"{file}: hits of '{model.Detector.Name}' to tracks by {model.Method}";
    }

    /// <summary>The graphs of events as a model's network takes them; returns a line for the user.</summary>
    public static string ExportGraphs(string? modelPath, MuonInput input, string file)
    {
        TableFile.CheckName(file);
        MuonModel model = MuonModelFile.Read(input.ModelFile(modelPath));
        MuonChain chain = new(model.Experiment, input.DetectorFor(model));
        using WorkerThreads threads = new(1);
        EventSet events = input.LoadShown(chain, threads);
        GraphOutput.Write(file, path => MuonGraphFile.Write(path, chain, events));
        return $"{file}: graphs of {events.Count} events, {events.HitCount} hits";
    }

    /// <summary>Events as NPZ, HDF5 or a pair of tables by the name's ending; returns a line for the user.</summary>
    /// <param name="input">The events.</param>
    /// <param name="file">File to write, or folder for another program.</param>
    /// <param name="format">That program's format; null for a file of ours.</param>
    public static string ExportEvents(MuonInput input, string file, string? format)
    {
        Detector detector = DetectorFile.Load(input.DetectorName ?? new MuonExperiment().Detector);
        Action<EventSet> write = format switch
        {
            "acts" => events => new ActsEvents(detector).Write(file, events),
            "trackml" => events => new TrackMlEvents(detector).Write(file, events),
            null => events => EventOutput.Write(file, events),
            _ => throw new BadInputException("--as", $"'{format}' is no format of another program", "give acts or trackml"),
        };
        _ = format is null && EventOutput.IsTables(file);
        EventSet events = input.LoadShown(detector);
        write(events);
        return $"{file}: {events.Count} events";
    }

    /// <summary>Models, or all models of run folders, on the same events, each against the first: a table, and the "comparison" section of
    /// the summary.</summary>
    public static string Compare(IReadOnlyList<string> paths, MuonInput input, int threadCount, RunSummary summary)
    {
        string[] files = [.. paths.SelectMany(ModelsIn)];
        if (files.Length < 2)
        {
            throw new BadInputException("the command line", files.Length == 0 ? "there is no model"
                : "there is one model only", "give two or more model files or run folders");
        }

        IReadOnlyList<MuonModel> models = MuonModelFile.ReadAll(files);
        Detector detector = input.DetectorFor(models[0]);
        MuonChain chain = new(models[0].Experiment, detector);
        using WorkerThreads threads = new(threadCount);
        EventSet events = input.Load(chain, threads);
        MuonMethodResult[] results = new MuonMethodResult[files.Length];
        SideBySide.Run(files.Length, threadCount, (i, lane) =>
        {
            MuonMethodResult result = new MuonEvaluation(new(models[i].Experiment, detector), lane).Network(models[i], events)
                .WithoutHits();
            results[i] = result with { Method = result.Method with { Variant = files[i] }, Seed = 0 };
        });
        MuonSampleResult sample = new("comparison", events.BackgroundKHzPerCm2, events, results);
        MuonModelTable table = new(models, sample, chain.Limit);
        summary.Sections["comparison"] = table.ToJson();
        return table.ToString();
    }

    private static IEnumerable<string> ModelsIn(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        string[] found = [.. Directory.EnumerateFiles(path, MuonTrainingRun.ModelName, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)];
        return found.Length > 0 ? found : throw new BadInputException(
            $"'{path}'", $"the folder holds no {MuonTrainingRun.ModelName}",
            "give a model file, or the folder of a run that has finished a training");
    }
}
