namespace Sagitta.Experiments.Endcap;

/// <summary>The verbs of the endcap.</summary>
internal static class EndcapVerbs
{
    private static readonly VerbOption<string> _tracks =
        VerbOption.Output("tracks", "Track file to write: .csv, .csv.gz, .npz, .parquet, .arrow or .h5; - for CSV on standard output");

    private static readonly VerbOption<string> _page = VerbOption.Output(
        "page", "HTML page to write; it needs no other file. Or .json for phoenix-event-display");
    private static readonly VerbOption<string> _file = VerbOption.Output("file", "Event file to write: .npz");
    private static readonly VerbOption<string> _graphs = VerbOption.Output(
        "file", "File to write: .npz, .h5, or another table for a pair, of nodes and edges");
    private static readonly VerbOption<string> _exported = VerbOption.Output(
        "file", "File to write: .onnx for the network, .npz for its weights");

    private static readonly VerbOption<string?> _events = VerbOption.Text(
        "--events", "FILE",
            "Event file (.npz), or a table of hits (.csv, .csv.gz, .npz, .parquet, .arrow, .h5) with event, plane, u, charge, time");

    private static readonly VerbOption<string?> _deposits = VerbOption.Text("--deposits", "FILE", "Geant4 deposits, CSV or gzipped CSV");
    private static readonly VerbOption<string?> _truth = VerbOption.Text(
        "--truth", "FILE", "The muons of those deposits; the file beside it named _events instead of _truth lists events without a muon");

    private static readonly VerbOption<double> _background =
        VerbOption.Number("--background", "FLUX", "Background flux in kHz/cm2", 5, 0, 1e4);

    private static readonly VerbOption<long> _count = VerbOption.Whole("--events", "N", "Number of events", 1000L, 0L, 10_000_000L);

    private static readonly VerbOption<string> _detector =
        VerbOption.Text("--detector", "NAME|FILE", "The shipped detector, or a detector file", EndcapDetector.Shipped);

    private static readonly VerbOption<string?> _model = VerbOption.Text(
        "--model", "FILE", "Model (default: the shipped one, if there is one, else the classical method)");

    private static readonly VerbOption<bool> _classical = VerbOption.Flag("--classical", "The classical method, without a network");
    private static readonly VerbOption<string[]> _models = VerbOption.Texts(
        "--model", "FILE", "Model to evaluate; may be repeated (default: every shipped one)");

    private static readonly VerbOption<long> _event = VerbOption.Whole(
        "--event", "N", "Number of the event (default: the first of the input)", 0L, long.MinValue, long.MaxValue);

    private static readonly VerbOption<double[]> _fluxes = VerbOption.Numbers(
        "--background", "FLUX", "Background flux to measure at in kHz/cm2; repeated for several (default: 5, full 0, 5, 20 and 40)", [], 0,
        1e4) with
    { DefaultText = null };

    private static readonly VerbOption[] _input = [_events, SharedOptions.Columns, _deposits, _truth, _background, _detector,
        SharedOptions.Seed];

    private static readonly VerbOption<bool> _full = VerbOption.Flag(
        "--full", "Five seeds of each method, trained on 6,000 simulated events and measured at 0, 5, 20 and 40 kHz/cm2: hours");

    private static readonly VerbOption<int> _seeds = VerbOption.Whole(
        "--seeds", "N", "Number of consecutive seeds, from --seed on (default 1, full 5)", 0, 1, 1000) with
    { DefaultText = null };

    /// <summary>The verbs.</summary>
    public static IReadOnlyList<SystemVerb> All { get; } =
    [
        new(
            "reproduce",
            "Train and compare all methods with the classical one and the truth: tables, display, tracks",
            [SharedOptions.Quick, _full, _seeds, _fluxes, _deposits, _truth,
                SharedOptions.Configuration, SharedOptions.Set, SharedOptions.SeedOfExperiment, SharedOptions.Threads,
                SharedOptions.Out, SharedOptions.Summary, SharedOptions.Mpi],
            run =>
            {
                run.Exclude(SharedOptions.Quick, _full);
                if (run.Given(_deposits) != run.Given(_truth))
                {
                    throw new UsageException("give --deposits FILE and --truth FILE together");
                }

                return run.Tell(EndcapReproduction.Run(run, Experiment(run), run.Value(_deposits), run.Value(_truth), run.Value(_full),
                    run.ValueIfGiven(_seeds), run.Value(_fluxes)), summary: true);
            })
        {
            Resumes = true,
            Examples =
            [
                "sagitta reproduce endcap --quick --out out-endcap",
                "sagitta reproduce endcap --full --deposits test_hits.csv.gz --truth test_truth.csv.gz --out out-endcap-full",
            ],
        },
        new(
            "train",
            "Train an endcap model: end-to-end; factorised with --set loss.fit=0 --set loss.assignment=0, or local with --set "
                + "loss.local=2 too",
            [SharedOptions.Configuration, SharedOptions.Set, .. _input[..^1], SharedOptions.SeedOfExperiment, SharedOptions.Threads,
                SharedOptions.Out, SharedOptions.Mpi],
            run =>
            {
                EndcapExperiment experiment = Experiment(run);
                experiment = run.Given(_detector) ? experiment with { Detector = run.Value(_detector) } : experiment;
                EndcapInput input = InputOf(run, experiment.Detector);
                run.Output.WriteLine(EndcapCommands.Train(experiment, input, run.Folder, run.Threads, run.Progress, run.Ranks,
                    run.Stop));
                return 0;
            })
        {
            Examples =
            [
                "sagitta train endcap --deposits ref_hits.csv.gz --truth ref_truth.csv.gz --background 5 --out endcap-run",
                "sagitta train endcap --events events.npz --set loss.fit=0 --set loss.assignment=0 --out endcap-twin",
            ],
            Resumes = true,
        },
        new(
            "evaluate",
            "Muons found and measured by the truth's hits, the classical method and models, on a sample with truth",
            [_models, .. _input, SharedOptions.Threads, SharedOptions.Summary, SharedOptions.Out, SharedOptions.Mpi,
                SharedOptions.ShardOfSample],
            run => run.TellShared(shared => EndcapCommands.Evaluate(run.Value(_models), InputOf(run, run.Value(_detector)), run.Threads,
                run.Summary, shared, run.Progress, run.Stop)))
        {
            Examples =
            [
                "sagitta evaluate endcap --deposits test_hits.csv.gz --truth test_truth.csv.gz --background 5 --summary summary.json",
                "sagitta evaluate endcap --events events.npz --model run/model.safetensors",
            ],
        },
        new(
            "reconstruct",
            "Find all muons of every event: five parameters at the first plane, their covariance, chi-square (docs/formats.md)",
            [_tracks, _model, _classical, .. _input, SharedOptions.Threads, .. SharedOptions.Sharding],
            run =>
            {
                TableFile.CheckOutput(run.Value(_tracks));
                run.Progress.Note(EndcapCommands.Reconstruct(Model(run), InputOf(run, run.Value(_detector)),
                    run.PartsOf(run.Value(_tracks), run.Value(_events)), run.OutputStream, run.Threads, run.Progress, run.Stop));
                return 0;
            })
        {
            Examples =
            [
                "sagitta reconstruct endcap tracks.csv --events hits.csv",
                "sagitta reconstruct endcap tracks.npz --events hits.csv --detector mine.yaml --classical",
            ],
        },
        new(
            "align",
            "Find where the planes of an endcap stand, with errors and weak modes; exit code 1 if corrections can't be trusted",
            [_model, _classical, EndcapAlignCommand.Known, .. AlignmentVerbOptions.All, AlignmentVerbOptions.Turns, .. _input,
                SharedOptions.Threads, SharedOptions.Out],
            run => EndcapAlignCommand.Run(run, Model(run), InputOf(run, run.Value(_detector))))
        {
            Examples =
            [
                "sagitta align endcap --events events.npz --out aligned-endcap",
                "sagitta align endcap --events events.npz --classical --known-momentum truth --turns --out aligned-turns",
            ],
        },
        new(
            "display",
            "One event in two projections: hits, all tracks, and the true muons where they are known",
            [_page, _event, _model, _classical, .. _input],
            run => run.Tell(EndcapPicture.Write(Model(run), InputOf(run, run.Value(_detector)), run.ValueIfGiven(_event),
                run.Value(_page))))
        {
            Examples =
            [
                "sagitta display endcap event.html --deposits data/geant4-endcap/test150_hits.csv.gz "
                    + "--truth data/geant4-endcap/test150_truth.csv.gz --event 2",
            ],
        },
        new(
            "simulate",
            "Simulate events of several muons into an event file",
            [_file, _count, _background, _detector, SharedOptions.Seed, .. SharedOptions.Sharding],
            run =>
            {
                CheckName(run.Value(_file));
                EndcapInput input = new(run.Value(_detector), null, null, null, run.Value(_background), run.Seed);
                return WriteParts(run, EndcapDetector.Load(input.Detector), run.Value(_count), input.Simulated);
            })
        {
            Examples = ["sagitta simulate endcap events.npz --events 1000 --background 5 --seed 1"],
        },
        new(
            "import",
            "Digitise Geant4 deposits into an event file",
            [_file, _deposits, _truth, _background, _detector, SharedOptions.Seed, .. SharedOptions.Sharding],
            run =>
            {
                run.Required(_deposits);
                CheckName(run.Value(_file));
                EndcapEvents events = InputOf(run, run.Value(_detector)).Read(out EndcapDetector detector);
                return WriteParts(run, detector, events.Count, (first, count) => events.Slice((int)first, count));
            })
        {
            Examples = ["sagitta import endcap events.npz --deposits ref_hits.csv.gz --truth ref_truth.csv.gz --background 5"],
        },
        new(
            "export model",
            "An endcap model's network as ONNX, or its weights as NPZ",
            [_exported, _model],
            run => run.Tell(EndcapExport.Model(NetworkOf(run), run.Value(_exported))))
        {
            Examples = ["sagitta export model endcap network.onnx"],
        },
        new(
            "export graphs",
            "The graphs of endcap events as the network takes them: what to feed an exported model",
            [_graphs, _model, .. _input],
            run => run.Tell(EndcapExport.Graphs(NetworkOf(run), InputOf(run, run.Value(_detector)), run.Value(_graphs))))
        {
            Examples = ["sagitta export graphs endcap graphs.npz --events hits.csv"],
        },
        new(
            "inspect",
            "Planes, walls and field of an endcap, and the bound on the error of its momenta",
            [SharedOptions.Inspected],
            run => run.Tell(string.Join(Environment.NewLine, EndcapInspection.Describe(run.Value(SharedOptions.Inspected)))))
        {
            Examples = ["sagitta inspect endcap detectors/endcap.yaml"],
        },
    ];

    private static EndcapExperiment Experiment(VerbRun run)
    {
        EndcapExperiment experiment = run.Value(SharedOptions.Configuration) is { } file
            ? ConfigurationFile.Load<EndcapExperiment>(file, run.Settings) : ConfigurationFile.Defaults<EndcapExperiment>(run.Settings);
        return experiment with { Seed = run.SeedOf(experiment.Seed) };
    }

    private static string? Model(VerbRun run)
    {
        run.Exclude(_model, _classical);
        return run.Value(_classical) ? null : run.Value(_model) ?? (EndcapCommands.ShippedModels is [string first, ..] ? first : null);
    }

    private static string NetworkOf(VerbRun run) => Model(run) ?? throw new UsageException("no model is shipped; give --model FILE");

    private static EndcapInput InputOf(VerbRun run, string detector)
    {
        run.Exclude(_events, _deposits);
        if (!run.Given(_events) && !(run.Given(_deposits) && run.Given(_truth)))
        {
            throw new UsageException(run.Given(_deposits) ? "--truth is missing; give the muons of the deposits with --truth FILE"
                : "there is no input; give --events FILE, or --deposits FILE --truth FILE");
        }

        if (run.Given(_events))
        {
            run.RefuseIdle("the events of --events have their background and truth with them", _background, _truth);
        }
        else
        {
            run.RefuseIdle("--deposits have their own columns", SharedOptions.Columns);
        }

        return new(detector, run.Value(_events), run.Value(_deposits), run.Value(_truth), run.Value(_background), run.Seed,
            run.Value(SharedOptions.Columns));
    }

    private static int WriteParts(VerbRun run, EndcapDetector detector, long total, Func<long, int, EndcapEvents> eventsOf)
    {
        foreach (FilePart part in run.PartsOf(run.Value(_file), run.Value(_deposits), run.Value(_truth)))
        {
            part.Write(total, (file, first, count) =>
            {
                EndcapEvents events = eventsOf(first, (int)count);
                EndcapEventFile.Write(file, events, new(detector));
                run.Tell(string.Create(CultureInfo.InvariantCulture,
                    $"wrote {events.Count} events with {events.Muons.Length} muons and {events.U.Length} hits{Environment.NewLine}"));
            });
        }

        return 0;
    }

    private static void CheckName(string file)
    {
        if (!file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadInputException($"'{file}'", "events of an endcap are written as NPZ", "give a name that ends in .npz");
        }
    }

}
