namespace Sagitta.Experiments.Endcap;

/// <summary>What train, evaluate and reconstruct do.</summary>
internal static class EndcapCommands
{
    private const int EventsAtOnce = 256;

    /// <summary>The models that come with Sagitta and are here; the first is the default of reconstruction.</summary>
    public static IReadOnlyList<string> ShippedModels => [.. ((string[])["models/endcap/end-to-end.safetensors",
        "models/endcap/factorised.safetensors", "models/endcap/local.safetensors"]).Select(ShippedFile.TryFind).OfType<string>()];

    /// <summary>Trains a model and writes it with its configuration into a folder.</summary>
    public static string Train(EndcapExperiment experiment, EndcapInput input, string folder, int threads, IRunProgress progress,
        Ranks ranks, CancellationToken stop)
    {
        EndcapEvents events = input.Read(out EndcapDetector detector);
        using WorkerThreads workers = new(threads);
        using EndcapTrainer trainer = new(experiment, new(detector, experiment.Search), events, workers, ranks);
        using EndcapNetwork model = trainer.Run(folder, progress, stop);
        string file = Path.Combine(folder, "model.safetensors");
        if (ranks.IsFirst)
        {
            model.Write(file);
            AtomicFile.WriteText(Path.Combine(folder, "config.yaml"), ConfigurationFile.Write(experiment));
        }

        return $"wrote {file}";
    }

    /// <summary>Measures the truth's hits, the classical method and models; returns the table, null where parts of other jobs
    /// lack.</summary>
    public static string? Evaluate(IReadOnlyList<string> models, EndcapInput input, int threads, RunSummary summary,
        SharedSample shared, IRunProgress progress, CancellationToken stop)
    {
        EndcapEvents events = input.Read(out EndcapDetector detector);
        if (events.Count == 0)
        {
            throw new BadInputException($"'{input.Events ?? input.Deposits}'", "it holds no event",
                "evaluate events whose muons are known");
        }

        if (!events.HasTruth)
        {
            throw new BadInputException($"'{input.Events}'", "it holds hits without truth", "evaluate events whose muons are known");
        }

        EndcapNetwork[] read = [.. (models.Count > 0 ? models : ShippedModels).Select(EndcapNetwork.Read)];
        try
        {
            using WorkerThreads workers = new(threads);
            return shared.Run(events.Count, (range, ranks) =>
            {
                EndcapEvents own = events.Slice(range);
                using IStageProgress stage = BeginMeasuring(progress, input.Name, read.Length);
                EndcapSampleResult sample = new(input.Name, own, Measure(new(detector), own, read, workers, ranks, stage, stop));
                summary.Sections["endcap"] = EndcapTable.Json(sample);
                return EndcapTable.PlainText(sample);
            });
        }
        finally
        {
            read.DisposeAll();
        }
    }

    /// <summary>The progress of measuring the networks, truth and the classical method on a sample.</summary>
    public static IStageProgress BeginMeasuring(IRunProgress progress, string sample, int networks) =>
        progress.Begin("evaluate " + sample, networks + 2, "methods");

    /// <summary>All methods on one sample, whose tracks ranks find together.</summary>
    public static IReadOnlyList<EndcapMetrics> Measure(EndcapReconstruction chain, EndcapEvents events, IReadOnlyList<EndcapNetwork> models,
        WorkerThreads threads, Ranks ranks, IStageProgress stage, CancellationToken stop)
    {
        EndcapMetrics Metrics(string method, Func<EndcapEvents, IReadOnlyList<EndcapTrack>[]> find)
        {
            IReadOnlyList<EndcapTrack>[] tracks = EndcapReconstructor.Shared(ranks, events, find);
            EndcapEvaluation evaluation = new(events, muon => chain.Limit(muon));
            for (int e = 0; e < events.Count; e++)
            {
                evaluation.Add(e, tracks[e]);
            }

            stage.Advance();
            return evaluation.Result(method);
        }

        return
        [
            Metrics(EndcapReconstructor.Truth, own => EndcapReconstructor.Follow(chain, own, threads)),
            Metrics(EndcapReconstructor.Classical, own => EndcapReconstructor.Reconstruct(chain, own, null, threads, stop)),
            .. models.Select(model => Metrics(model.Method, own => EndcapReconstructor.Reconstruct(chain, own, model, threads, stop))),
        ];
    }

    /// <summary>Writes the tracks of all events while they are found, in the order of events; returns a line about them. Hits come a few
    /// thousand events at a time, so that memory does not grow with their number. Of several parts each has its share of the
    /// events.</summary>
    public static string Reconstruct(string? modelFile, EndcapInput input, IReadOnlyList<FilePart> parts, Stream output, int threads,
        IRunProgress progress, CancellationToken stop)
    {
        using EndcapNetwork? model = modelFile is null ? null : EndcapNetwork.Read(modelFile);
        EndcapGeometry geometry = new(EndcapDetector.Load(input.Detector));
        EndcapWatch watch = new(geometry);
        using WorkerThreads workers = new(threads);
        EndcapReconstruction chain = new(geometry.Detector, model?.Experiment.Search);
        EndcapMemory[] memories = [.. Enumerable.Range(0, workers.Count).Select(_ => new EndcapMemory(chain, model))];
        try
        {
            GroupIndex? index = parts is [] or [{ Command: null }] ? null : input.Index(geometry);
            foreach (FilePart part in parts)
            {
                part.Write(index?.Count ?? 0, (file, first, count) =>
                {
                    using LateStage stage = new(() => progress.Begin("reconstruct", count, "events"));
                    EndcapTrackFile.Write(file, output, Tracks(input.ReadParts(geometry, progress.Note,
                        index is null ? null : new(index, first, count, part)), memories, watch, stage, workers, stop));
                });
            }
        }
        finally
        {
            memories.DisposeAll();
        }

        foreach (string warning in watch.Warnings())
        {
            progress.Note($"warning: {warning}");
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{watch.Tracks} tracks in {watch.Events} events, {model?.Method ?? EndcapReconstructor.Classical}");
    }

    private static IEnumerable<EndcapTrack> Tracks(IEnumerable<EndcapEvents> parts, EndcapMemory[] memories, EndcapWatch watch,
        LateStage stage, WorkerThreads threads, CancellationToken stop)
    {
        foreach (EndcapEvents events in parts)
        {
            for (int first = 0; first < events.Count; first += EventsAtOnce)
            {
                int count = Math.Min(EventsAtOnce, events.Count - first);
                IReadOnlyList<EndcapTrack>[] found = EndcapReconstructor.Reconstruct(memories, events, first, count, threads, stop);
                stage.Advance(count);
                for (int e = 0; e < count; e++)
                {
                    watch.Add(events, first + e, found[e]);
                    IReadOnlyList<EndcapTrack> own = found[e].Count > 0 ? found[e]
                        : [EndcapTracker.Failed(events.Number[first + e], SolveStatus.TooFewPlanes)];
                    foreach (EndcapTrack track in own)
                    {
                        yield return track;
                    }
                }
            }
        }
    }
}

/// <summary>Where events come from.</summary>
/// <param name="Detector">Name or file of the detector.</param>
/// <param name="Events">An event file or a table of hits; null for deposits.</param>
/// <param name="Deposits">Geant4 deposits.</param>
/// <param name="Truth">Their muons.</param>
/// <param name="Background">Flux, kHz/cm2.</param>
/// <param name="Seed">Seed of digitisation and background.</param>
/// <param name="Columns">How a table calls its columns; null where it uses the names of docs/formats.md.</param>
internal sealed record EndcapInput(string Detector, string? Events, string? Deposits, string? Truth, double Background, ulong Seed,
    string? Columns = null)
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
        return Events is not null ? EndcapEventFile.Read(Events, geometry, Mapping) : Digitised(geometry);
    }

    /// <summary>How many events there are to share, and where they are.</summary>
    public GroupIndex Index(EndcapGeometry geometry) => Events is null ? new(EndcapDepositReader.Read(geometry, Deposits!, Truth!).Count)
        : EndcapEventFile.Index(Events, geometry, Mapping);

    /// <summary>The hits alone, a part of the events at a time; what the file leaves out is told. Of deposits all are digitised for each
    /// share.</summary>
    public IEnumerable<EndcapEvents> ReadParts(EndcapGeometry geometry, Action<string> note, ReadShare? share = null)
    {
        HashSet<string> told = new(StringComparer.Ordinal);
        long copies = 0;
        foreach (EndcapEvents part in Events is not null ? EndcapEventFile.ReadParts(Events, geometry, Mapping, share)
            : [share is null ? Digitised(geometry) : Digitised(geometry).Slice((int)share.First..(int)(share.First + share.Count))])
        {
            foreach (string line in part.Notes.Where(told.Add))
            {
                note(line);
            }

            copies += part.Copies;
            yield return part;
        }

        foreach (string line in HitSet.CopiesTold(copies))
        {
            note(line);
        }
    }

    private ColumnMapping? Mapping => Columns is null ? null : ColumnMapping.Parse(Columns);

    private EndcapEvents Digitised(EndcapGeometry geometry) =>
        Digitised(geometry, EndcapDepositReader.Read(geometry, Deposits!, Truth!), Seed);

    /// <summary>Simulated events.</summary>
    /// <param name="first">Number of the first.</param>
    /// <param name="count">How many.</param>
    public EndcapEvents Simulated(long first, int count)
    {
        EndcapDetector detector = EndcapDetector.Load(Detector);
        return Digitised(new(detector), EndcapSimulation.Deposits(detector, new(), Seed, first, count), Seed);
    }

    /// <summary>Deposits as hits.</summary>
    public EndcapEvents Digitised(EndcapGeometry geometry, EndcapDeposits deposits, ulong seed) => EndcapDigitiser.Digitise(
        geometry, deposits, new() { Background = new() { KHzPerCm2 = [Background] } }, seed);
}
