namespace Sagitta.Experiments.Calorimeter;

/// <summary>"sagitta reproduce calorimeter" and "sagitta evaluate calorimeter" without their command line.</summary>
internal static class CalorimeterCommands
{
    private static readonly CalorimeterEvents _none = new([], [], areFrames: false, hasTruth: true, new());

    /// <summary>The experiment file of a run that names none.</summary>
    public static string ShippedExperiment(bool quick, bool full) => ShippedFile.Find(
        Path.Combine("experiments", quick ? "calorimeter-quick.yaml" : full ? "calorimeter-full.yaml" : "calorimeter.yaml"));

    /// <summary>Runs an experiment into <paramref name="folder"/>, adds the
    /// "calorimeter" section to the summary, writes report.html, results.md and tables.txt and returns the last as text.</summary>
    public static string Reproduce(CalorimeterRequest request, string folder, RunSummary summary, IRunProgress progress,
        CancellationToken stop)
    {
        CalorimeterExperiment experiment = request.Experiment;
        AtomicFile.WriteText(Path.Combine(folder, "config.yaml"), ConfigurationFile.Write(experiment));
        using WorkerThreads threads = new(request.Threads);
        CalorimeterComparison comparison = new CalorimeterReproduction(experiment, folder, request.Train, threads, progress).Run(stop);
        string table = string.Join('\n', TrainingLog.Tables(folder, comparison.Models)
            .Prepend(CalorimeterReport.PlainText(comparison)));
        AtomicFile.WriteText(Path.Combine(folder, "tables.txt"), table);
        CalorimeterReport.Write(comparison, Path.Combine(folder, "report.html"), request.Quick);
        AtomicFile.WriteText(Path.Combine(folder, "results.md"), CalorimeterReport.Markdown(comparison));
        summary.Sections["calorimeter"] = CalorimeterReport.Json(comparison);
        return table;
    }

    /// <summary>Settings that name the whole samples in a folder.</summary>
    public static IEnumerable<string> WholeSamples(string? folder) => folder is null ? [] :
    [
        $"data.folder={Path.Combine(folder, "geant4-dtc")}",
        $"data.radiograph={Path.Combine(folder, "geant4-radiograph", "radiograph_hits.csv.gz")}",
    ];

    /// <summary>Tests models on a file of hits with their truth and returns the table as text.</summary>
    /// <param name="models">Model files; the shipped ones if there are none.</param>
    /// <param name="input">The hits.</param>
    /// <param name="summary">Gets the section.</param>
    /// <param name="note">Told what the file leaves out.</param>
    /// <param name="water">Thickness of water that the file was taken behind, mm; 0 if unknown.</param>
    /// <param name="shared">Processes that share out the frames.</param>
    /// <returns>The table; null where parts of other jobs lack.</returns>
    public static string? Evaluate(IReadOnlyList<string> models, CalorimeterReconstructionRequest input, RunSummary summary,
        Action<string> note, int water, SharedSample shared)
    {
        IReadOnlyList<string> files = models.Count > 0 ? models : ShippedModels();
        IReadOnlyList<CalorimeterFrame> frames = FramesWithTruth(input, files[0], note);
        return shared.Run(frames.Count, (range, ranks) =>
        {
            CalorimeterSampleResult sample = new(Path.GetFileName(input.Hits).Split('.')[0], water, input.Protons,
                frames.Take(range).Count(), Methods(files, input, [.. frames.Take(range)], ranks));
            summary.Sections["calorimeter"] = CalorimeterTable.Json([sample]);
            return CalorimeterTable.PlainText([sample]);
        });
    }

    private static IReadOnlyList<CalorimeterMethodResult> Methods(IReadOnlyList<string> files, CalorimeterReconstructionRequest input,
        IReadOnlyList<CalorimeterFrame> frames, Ranks ranks)
    {
        using WorkerThreads workers = new(input.Threads);
        using CalorimeterEvaluation evaluation = new(workers, ranks);
        List<CalorimeterMethodResult> results = [];
        List<string> trainings = [];
        foreach (string file in files)
        {
            using CalorimeterModel read = CalorimeterReconstructor.Read(file, input.Detector, input.UnassignedPrice);
            results.Add(new(read.Method.KindName, read.Method, read.Seed, evaluation.Run(read, frames)));
            trainings.Add(ConfigurationFile.Write(read.Method) + ConfigurationFile.Write(read.Experiment with { Seed = 0 }));
        }

        // Models that differ in the seed alone are one method, whose numbers are means; others stand for themselves.
        return [.. results.Select((result, i) =>
        {
            int[] alike = [.. Enumerable.Range(0, files.Count).Where(other => results[other].Label == result.Label)];
            bool seeds = alike.All(other => trainings[other] == trainings[i])
                && alike.Select(other => results[other].Seed).Distinct().Count() == alike.Length;
            return seeds ? result : result with { File = files[i] };
        })];
    }

    /// <summary>Writes the tracks of hits, which need no truth, and returns a line that tells what was found. Rows, frames and tracks exist
    /// a few thousand at a time where rows are in the order of events (or frames); tracks are written in the order of frames whatever the
    /// number of threads. Of several parts each has its share of the frames.</summary>
    public static string Reconstruct(CalorimeterReconstructionRequest request, IReadOnlyList<FilePart> parts, Stream standardOutput,
        IRunProgress progress, CancellationToken stop)
    {
        using CalorimeterModel model = CalorimeterReconstructor.Read(request.Model, request.Detector, request.UnassignedPrice);
        SortedDictionary<CalorimeterTrackStatus, int> counts = [];
        CalorimeterWatch watch = new(model);
        HashSet<string> told = new(StringComparer.Ordinal);
        void Note(string line)
        {
            if (told.Add(line))
            {
                progress.Note(line);
            }
        }

        GroupIndex? index = parts is [] or [{ Command: null }] ? null : Index(request, model.Geometry);
        int last = 0;
        long copies = 0;
        foreach (FilePart part in parts)
        {
            part.Write(index is null ? 0 : FramesOf(request, index.Count), (file, first, count) =>
            {
                ReadShare? share = index is null ? null : ShareOf(request, index, first, count, part);
                IEnumerable<FrameSet> frames = FrameSets(request, model.Geometry, Note, share).Select(set =>
                {
                    last = set.Left;
                    copies += set.Copies;
                    return share is null ? set : set.Cut(first, count);
                });
                using LateStage stage = new(() => progress.Begin("reconstruct", count, "frames"));
                CalorimeterTracks.Write(file, standardOutput, Tracks(request, frames, model, watch, stage, stop).Select(track =>
                {
                    counts[track.Status] = counts.GetValueOrDefault(track.Status) + 1;
                    return track;
                }));
            });
        }

        foreach (string line in HitSet.CopiesTold(copies).Concat(watch.Warnings().Select(w => $"warning: {w}")))
        {
            progress.Note(line);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{watch.Frames} frames: ")
            + (counts.Count == 0 ? "no tracks" : string.Join(", ", counts.Select(
                c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {OptionNames.OfValue(c.Key.ToString())}"))))
            + (last > 0 ? string.Create(CultureInfo.InvariantCulture, $"; the last frame has {last} events") : "");
    }

    /// <summary>The calorimeter models that come with Sagitta: of each method the one of its first seed.</summary>
    public static IReadOnlyList<string> ShippedModels()
    {
        string? folder = Path.GetDirectoryName(ShippedFile.TryFind("models/calorimeter/ptt-seed1.safetensors"));
        return folder is null ? [] : [.. Directory.EnumerateFiles(folder, "*-seed1.safetensors").Order(StringComparer.Ordinal)];
    }

    /// <summary>Frames of a file that holds the truth, for models of one calorimeter.</summary>
    public static IReadOnlyList<CalorimeterFrame> FramesWithTruth(
        CalorimeterReconstructionRequest input, string model, Action<string> note)
    {
        using CalorimeterModel read = CalorimeterReconstructor.Read(model, input.Detector);
        CalorimeterEvents events = Events(input, read.Geometry, note, needsTruth: true);
        return events.FrameCount(input.Protons) > 0 ? events.Frames(input.Protons)
            : throw new BadInputException($"'{input.Hits}'", $"{events.Count} events fill no frame of {input.Protons}",
                "give more events or a smaller --protons-per-frame");
    }

    /// <summary>Frames of a user's hits, with the truth where the file has it.</summary>
    public static IReadOnlyList<CalorimeterFrame> Frames(CalorimeterReconstructionRequest request, CalorimeterGeometry geometry,
        Action<string> note) => Events(request, geometry, note).Frames(request.Protons, incomplete: true);

    /// <summary>The rows of a user's hits; what was taken for what they do not tell is said.</summary>
    public static CalorimeterDeposits Deposits(
        CalorimeterReconstructionRequest request, CalorimeterGeometry geometry, Action<string> note, bool needsTruth = false)
    {
        CalorimeterDeposits deposits = CalorimeterDepositReader.Read(
            request.Hits, needsTruth, request.FrameColumn, request.Columns is { } map ? ColumnMapping.Parse(map) : null,
            geometry.Calorimeter.LayerPositions);
        foreach (string line in deposits.Notes)
        {
            note(line);
        }

        return deposits;
    }

    private static CalorimeterEvents Events(
        CalorimeterReconstructionRequest request, CalorimeterGeometry geometry, Action<string> note, bool needsTruth = false) =>
        HitPreparation.Events(Deposits(request, geometry, note, needsTruth), new() { KeepElectronsAndPhotons = request.KeepElectrons });

    // The frames of a file, a part of its events at a time; what does not fill a frame goes on with the next part.
    private static IEnumerable<FrameSet> FrameSets(
        CalorimeterReconstructionRequest request, CalorimeterGeometry geometry, Action<string> note, ReadShare? share = null)
    {
        HitPreparationOptions options = new() { KeepElectronsAndPhotons = request.KeepElectrons };
        CalorimeterEvents? left = null;
        long before = share is { Index.Ascends: true } ? FramesOf(request, share.First) : 0;
        foreach (CalorimeterDeposits deposits in CalorimeterDepositReader.ReadParts(request.Hits, needsTruth: false, request.FrameColumn,
            request.Columns is { } map ? ColumnMapping.Parse(map) : null, geometry.Calorimeter.LayerPositions, share))
        {
            foreach (string line in deposits.Notes)
            {
                note(line);
            }

            CalorimeterEvents events = HitPreparation.Events(deposits, options);
            int copies = events.Copies;
            events = left?.Followed(0, events) ?? events;
            int frames = events.FrameCount(request.Protons);
            yield return new(events, before, 0, frames, 0, copies);
            before += frames;
            left = request.FrameColumn is null ? events.Followed(frames * request.Protons, _none) : null;
        }

        if (left is { Count: > 0 })
        {
            yield return new(left, before, 0, 1, left.Count, 0);
        }
    }

    // The events of a file, or its frames where it names them. Where they do not ascend, reading them all tells their number.
    private static GroupIndex Index(CalorimeterReconstructionRequest request, CalorimeterGeometry geometry)
    {
        GroupIndex index = CalorimeterDepositReader.Index(
            request.Hits, request.FrameColumn, request.Columns is { } map ? ColumnMapping.Parse(map) : null,
            geometry.Calorimeter.LayerPositions, new() { KeepElectronsAndPhotons = request.KeepElectrons });
        return index.Ascends ? index : index with { Count = Events(request, geometry, _ => { }).Count };
    }

    private static long FramesOf(CalorimeterReconstructionRequest request, long groups) =>
        request.FrameColumn is null ? (groups + request.Protons - 1) / request.Protons : groups;

    private static ReadShare ShareOf(
        CalorimeterReconstructionRequest request, GroupIndex index, long firstFrame, long frames, FilePart part)
    {
        int each = request.FrameColumn is null ? request.Protons : 1;
        long first = Math.Min(firstFrame * each, index.Count);
        return new(index, first, Math.Min(frames * each, index.Count - first), part);
    }

    private static IEnumerable<CalorimeterTrack> Tracks(CalorimeterReconstructionRequest request, IEnumerable<FrameSet> sets,
        CalorimeterModel model, CalorimeterWatch watch, LateStage stage, CancellationToken stop)
    {
        using WorkerThreads threads = new(request.Threads);
        CalorimeterReconstructor[] reconstructors = [.. Enumerable.Range(0, threads.Count).Select(
            _ => new CalorimeterReconstructor(model))];
        CalorimeterFrame[] some = new CalorimeterFrame[8 * threads.Count];
        IReadOnlyList<CalorimeterTrack>[] found = new IReadOnlyList<CalorimeterTrack>[some.Length];
        try
        {
            foreach (FrameSet set in sets)
            {
                for (int first = set.First; first < set.First + set.Count; first += found.Length)
                {
                    stop.ThrowIfCancellationRequested();
                    int count = Math.Min(found.Length, set.First + set.Count - first);
                    threads.Run(count, (i, worker) =>
                    {
                        reconstructors[worker].BeamEnergy = request.BeamEnergy ?? reconstructors[worker].BeamEnergy;
                        some[i] = set.Events.Frame(first + i, request.Protons, set.Before);
                        found[i] = reconstructors[worker].Reconstruct(some[i]);
                    });
                    for (int i = 0; i < count; i++)
                    {
                        watch.Add(some[i], found[i]);
                        foreach (CalorimeterTrack track in found[i])
                        {
                            yield return track;
                        }
                    }

                    stage.Advance(count);
                }
            }
        }
        finally
        {
            reconstructors.DisposeAll();
        }
    }

    // Frames from a place on of some events of a file, which has frames before these; how many events are left for the last one, if it is
    // not full; and how many rows were copies.
    private sealed record FrameSet(CalorimeterEvents Events, long Before, int First, int Count, int Left, int Copies)
    {
        public FrameSet Cut(long first, long count)
        {
            long start = Math.Clamp(first - Before, 0, Count), end = Math.Clamp(first + count - Before, 0, Count);
            return this with { First = (int)start, Count = (int)(end - start) };
        }
    }
}
