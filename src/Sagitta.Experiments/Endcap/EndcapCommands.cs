namespace Sagitta.Experiments.Endcap;

/// <summary>What train, evaluate and reconstruct do.</summary>
internal static class EndcapCommands
{
    /// <summary>The models that come with Sagitta and are here; the first is the default of reconstruction.</summary>
    public static IReadOnlyList<string> ShippedModels => [.. ((string[])["models/endcap/end-to-end.safetensors",
        "models/endcap/factorised.safetensors", "models/endcap/local.safetensors"]).Select(ShippedFile.TryFind).OfType<string>()];

    /// <summary>Trains a model and writes it with its configuration into a folder.</summary>
    public static string Train(EndcapExperiment experiment, EndcapInput input, string folder, int threads, IRunProgress progress,
        CancellationToken stop)
    {
        EndcapEvents events = input.Read(out EndcapDetector detector);
        using WorkerThreads workers = new(threads);
        using EndcapTrainer trainer = new(experiment, new(detector, experiment.Search), events, workers);
        using EndcapNetwork model = trainer.Run(progress, stop);
        string file = Path.Combine(folder, "model.safetensors");
        model.Write(file);
        AtomicFile.WriteText(Path.Combine(folder, "config.yaml"), ConfigurationFile.Write(experiment));
        return $"wrote {file}";
    }

    /// <summary>Measures the truth's hits, the classical method and models; returns the table.</summary>
    public static string Evaluate(IReadOnlyList<string> models, EndcapInput input, int threads, RunSummary summary, CancellationToken stop)
    {
        EndcapEvents events = input.Read(out EndcapDetector detector);
        if (!events.HasTruth)
        {
            throw new BadInputException($"'{input.Events}'", "it holds hits without truth", "evaluate events whose muons are known");
        }

        EndcapNetwork[] read = [.. (models.Count > 0 ? models : ShippedModels).Select(EndcapNetwork.Read)];
        try
        {
            using WorkerThreads workers = new(threads);
            IReadOnlyList<EndcapMetrics> metrics = Measure(new(detector), events, read, workers, stop);
            EndcapSampleResult sample = new(input.Name, events, metrics);
            summary.Sections["endcap"] = EndcapTable.Json(sample);
            return EndcapTable.PlainText(sample);
        }
        finally
        {
            read.DisposeAll();
        }
    }

    /// <summary>All methods on one sample.</summary>
    public static IReadOnlyList<EndcapMetrics> Measure(EndcapReconstruction chain, EndcapEvents events, IReadOnlyList<EndcapNetwork> models,
        WorkerThreads threads, CancellationToken stop)
    {
        EndcapMetrics Metrics(string method, IReadOnlyList<EndcapTrack>[] tracks)
        {
            EndcapEvaluation evaluation = new(events, muon => chain.Limit(muon));
            for (int e = 0; e < events.Count; e++)
            {
                evaluation.Add(e, tracks[e]);
            }

            return evaluation.Result(method);
        }

        return
        [
            Metrics(EndcapReconstructor.Truth, EndcapReconstructor.Follow(chain, events, threads)),
            Metrics(EndcapReconstructor.Classical, EndcapReconstructor.Reconstruct(chain, events, null, threads, stop)),
            .. models.Select(model => Metrics(model.Method, EndcapReconstructor.Reconstruct(chain, events, model, threads, stop))),
        ];
    }

    /// <summary>A model for other tools: .onnx for its network, .npz for its weights; returns a line for the user.</summary>
    public static string ExportModel(string? modelFile, string file)
    {
        using EndcapNetwork model = EndcapNetwork.Read(modelFile ?? ShippedModels[0]);
        (string, string)[] texts = [("method", model.Method), ("experiment", ConfigurationFile.Write(model.Experiment))];
        ModelExport.Write(file, path => HitScorerOnnx.Write(path, model.Network, model.Parameters,
            "Logits of hits of an endcap, and places that are near each other for hits of one track; features as 'sagitta export graphs "
            + "endcap' writes them.", texts), model.Network.Layout, model.Parameters, texts);
        return $"wrote {file}: {model.Method}";
    }

    /// <summary>The graphs of events as a model's network takes them (.npz), laid end to end; returns a line for the user.</summary>
    public static string ExportGraphs(string? modelFile, EndcapInput input, string file)
    {
        if (!file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadInputException($"'{file}'", "graphs are written as NPZ", "give a name that ends in .npz");
        }

        using EndcapNetwork model = EndcapNetwork.Read(modelFile ?? ShippedModels[0]);
        EndcapEvents events = input.Read(out EndcapDetector detector);
        EndcapReconstruction chain = new(detector, model.Experiment.Search);
        EndcapTracker tracker = new(chain);
        EndcapGraphBuilder builder = new(chain.Geometry);
        HitGraph graph = new();
        List<long> sources = [], targets = [], edgeOffsets = [0];
        List<float> hits = [], edges = [];
        for (int e = 0; e < events.Count; e++)
        {
            builder.Build(events, e, tracker, tracker.Find(events, e, []), graph);
            hits.AddRange(graph.HitFeatures);
            edges.AddRange(graph.EdgeFeatures);
            foreach (int source in graph.Adjacency.Sources)
            {
                sources.Add((long)events.Offsets[e] + source);
            }

            foreach (int target in graph.Adjacency.Targets)
            {
                targets.Add((long)events.Offsets[e] + target);
            }

            edgeOffsets.Add(sources.Count);
        }

        using NpzWriter writer = new(file);
        writer.AddText("format", "sagitta-graphs-1");
        writer.AddText("detector", detector.Name);
        writer.Add<float>("hits", hits.ToArray(), events.U.Length, HitGraph.HitFeatureCount);
        writer.Add<float>("edges", edges.ToArray(), sources.Count, HitGraph.EdgeFeatureCount);
        writer.Add<long>("sources", sources.ToArray());
        writer.Add<long>("targets", targets.ToArray());
        writer.Add<long>("edge_offsets", edgeOffsets.ToArray());
        writer.Add<long>("hit_offsets", [.. events.Offsets.Select(o => (long)o)]);
        writer.Add<long>("event_number", events.Number);
        if (events.HasTruth)
        {
            writer.Add<byte>("label_hit", Array.ConvertAll(events.Label, label => label < 0 ? (byte)0 : (byte)1));
        }

        writer.Commit();
        return $"wrote {file}: graphs of {events.Count} events, {events.U.Length} hits";
    }

    /// <summary>Writes the tracks of all events; returns a line about them.</summary>
    public static string Reconstruct(string? modelFile, EndcapInput input, string path, Stream output, int threads, CancellationToken stop)
    {
        if (path != "-")
        {
            TableFile.CheckOutput(path);
        }

        EndcapEvents events = input.Read(out EndcapDetector detector);
        using EndcapNetwork? model = modelFile is null ? null : EndcapNetwork.Read(modelFile);
        using WorkerThreads workers = new(threads);
        IReadOnlyList<EndcapTrack>[] tracks = EndcapReconstructor.Reconstruct(
            new(detector, model?.Experiment.Search), events, model, workers, stop);
        EndcapTrackFile.WriteAll(path, output, events, tracks);
        return string.Create(CultureInfo.InvariantCulture,
            $"{tracks.Sum(own => own.Count(t => t.Fit.IsConverged))} tracks in {events.Count} events, {model?.Method ?? "classical"}");
    }
}

/// <summary>Where events come from.</summary>
/// <param name="Detector">Name or file of the detector.</param>
/// <param name="Events">An event file or a table of hits; null for deposits.</param>
/// <param name="Deposits">Geant4 deposits.</param>
/// <param name="Truth">Their muons.</param>
/// <param name="Background">Flux, kHz/cm2.</param>
/// <param name="Seed">Seed of digitisation and background.</param>
internal sealed record EndcapInput(string Detector, string? Events, string? Deposits, string? Truth, double Background, ulong Seed)
{
    /// <summary>What tables call the sample: the name of its file.</summary>
    public string Name
    {
        get
        {
            string file = Path.GetFileName(Events ?? Deposits ?? "events");
            return file.Split('.')[0].Replace("_hits", "", StringComparison.Ordinal);
        }
    }

    /// <summary>Reads the events and loads the detector.</summary>
    public EndcapEvents Read(out EndcapDetector detector)
    {
        detector = EndcapDetector.Load(Detector);
        EndcapGeometry geometry = new(detector);
        return Events is not null ? EndcapEventFile.Read(Events, geometry)
            : Digitised(geometry, EndcapDepositReader.Read(geometry, Deposits!, Truth!), Seed);
    }

    /// <summary>Simulated events.</summary>
    public EndcapEvents Simulated(int count)
    {
        EndcapDetector detector = EndcapDetector.Load(Detector);
        return Digitised(new(detector), EndcapSimulation.Deposits(detector, new(), Seed, 0, count), Seed);
    }

    /// <summary>Deposits as hits.</summary>
    public EndcapEvents Digitised(EndcapGeometry geometry, EndcapDeposits deposits, ulong seed) => EndcapDigitiser.Digitise(
        geometry, deposits, new() { Background = new() { KHzPerCm2 = [Background] } }, seed);
}
