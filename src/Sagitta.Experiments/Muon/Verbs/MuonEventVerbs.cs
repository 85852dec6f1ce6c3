namespace Sagitta.Experiments.Muon.Verbs;

/// <summary>Verbs about muon events and detectors: simulate, import, export events, validate-simulation, inspect.</summary>
internal static class MuonEventVerbs
{
    private static readonly double[] _momenta = [5, 10, 20, 30, 50, 100];
    private static readonly VerbOption<string> _file = VerbOption.Output(
        "file", "Event file to write: .npz, .h5, or .csv, .parquet or .arrow for a pair of tables") with
    { Files = EventOutput.FilesOf };
    private static readonly VerbOption<long> _events = VerbOption.Whole("--events", "N", "Number of events", 10_000L, 0L, long.MaxValue);
    private static readonly VerbOption<long> _first =
        VerbOption.Whole("--first", "N", "Number of the first event; an event depends on seed and number alone", 0L, 0L, long.MaxValue);

    private static readonly VerbOption<string?> _hits =
        VerbOption.Text("--hits", "FILE", "Table of hits (.csv, .csv.gz, .npz, .parquet, .arrow, .h5), instead of deposits");

    private static readonly VerbOption<string?> _acts =
        VerbOption.Text("--acts", "DIR", "Folder of CSV files of ACTS, instead of deposits (docs/formats.md)");

    private static readonly VerbOption<string?> _trackMl =
        VerbOption.Text("--trackml", "DIR", "Folder of CSV files as TrackML has them, instead of deposits (docs/formats.md)");

    private static readonly VerbOption<string?> _as = VerbOption.Text(
        "--as", "FORMAT", "acts or trackml: write a folder of CSV files as these have them");

    private static readonly VerbOption<string[]> _deposits = VerbOption.Texts(
        "--deposits", "FILE", "Deposits as CSV, plain or .gz; given several times, samples are pooled") with
    { Required = true };

    private static readonly VerbOption<string[]> _truth =
        VerbOption.Texts("--truth", "FILE", "Their muons, one file for each of --deposits") with { Required = true };

    private static readonly VerbOption<int> _copies = VerbOption.Whole(
        "--copies", "N", "How often each vertex is simulated", 10, 1, 1_000_000);
    private static readonly VerbOption<double> _resolution = VerbOption.Number(
        "--resolution", "MM", "Resolution of the planes (default: that of the detector's file)", 0.1, 1e-6, 1e4) with
    { DefaultText = null };
    private static readonly VerbOption<double> _vertex =
        VerbOption.Number("--vertex", "MM", "How well y at z = 0 is known where a vertex constrains the track", 0.1, 1e-6, 1e6);

    private static readonly VerbOption<double[]> _pt =
        VerbOption.Numbers("--pt", "GEV", "pT at which the limit of a detector is stated; may be repeated", _momenta, 1e-3, 1e6);

    /// <summary>The verbs.</summary>
    public static IReadOnlyList<SystemVerb> All { get; } =
    [
        new(
            "simulate",
            "Simulate muon events of a detector into a file that NumPy reads",
            [_file, MuonOptions.Detector, _events, _first, MuonOptions.Background, MuonOptions.Smear, SharedOptions.Configuration,
                SharedOptions.Set, SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Summary, .. SharedOptions.Sharding],
            Simulate)
        {
            Examples =
            [
                "sagitta simulate events.npz --events 10000 --background 5 --seed 1",
                "sagitta simulate small.csv --detector three-station --events 100",
                "sagitta simulate mixed.npz --background 0 --background 5 --background 20",
                "sagitta simulate fixed.npz --set \"vertex.momentum=[{low: 30, high: 30}]\"",
            ],
            IsDefault = true,
        },
        new(
            "import",
            "Digitise Geant4 deposits, or take a table of hits or files of other programs, into an event file",
            [_file, MuonOptions.Detector, _hits, SharedOptions.Columns, _acts, _trackMl, MuonOptions.Deposits, MuonOptions.Truth,
                MuonOptions.Background,
                MuonOptions.Smear,
                SharedOptions.Configuration, SharedOptions.Set, SharedOptions.Seed, SharedOptions.Summary, .. SharedOptions.Sharding],
            Import)
        {
            Examples =
            [
                "sagitta import events.npz --deposits ref_hits.csv.gz --truth ref_truth.csv.gz --background 5",
                "sagitta import events.npz --hits hits.csv --columns 'y=y_cm*10,plane=chamber' --detector mine.yaml",
                "sagitta import events.npz --acts acts",
                "sagitta import smeared.npz --deposits ref_hits.csv.gz --truth ref_truth.csv.gz --smear 0.1",
            ],
            IsDefault = true,
        },
        new(
            "export events",
            "Muon events from an event file or from Geant4 deposits, as NPZ, HDF5 or a pair of tables",
            [_file, _as, .. MuonOptions.Input],
            run => run.Tell(MuonExportCommands.ExportEvents(MuonOptions.InputOf(run), run.Value(_file), run.Value(_as))))
        {
            Examples =
            [
                "sagitta export events events.csv --events events.npz",
                "sagitta export events events.h5 --events events.npz",
                "sagitta export events acts --as acts --events events.npz",
                "sagitta export events events.npz --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --background 5",
            ],
            IsDefault = true,
        },
        new(
            "validate-simulation",
            "Compare the simulation with Geant4 deposits of the same vertices; exit code 1 if a check fails",
            [_deposits, _truth, MuonOptions.Detector, _copies, SharedOptions.Seed, SharedOptions.Out, SharedOptions.Summary],
            Validate)
        {
            Examples =
            [
                "sagitta validate-simulation --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --out validation",
                "sagitta validate-simulation --deposits a_hits.csv.gz --truth a_truth.csv.gz --deposits b_hits.csv.gz "
                    + "--truth b_truth.csv.gz --summary -",
            ],
            IsDefault = true,
        },
        new(
            "inspect",
            "Planes, material, and the smallest error of the momentum that a muon detector allows",
            [SharedOptions.Inspected, _resolution, _vertex, _pt],
            run =>
            {
                DetectorInspection inspection = new(run.ValueIfGiven(_resolution), run.Value(_vertex), run.Value(_pt));
                run.Output.WriteLine(string.Join(Environment.NewLine, inspection.Describe(run.Value(SharedOptions.Inspected))));
                return 0;
            })
        {
            Examples = ["sagitta inspect muon three-station --pt 10 --pt 100 --vertex 0.5"],
        },
    ];

    private static int Simulate(VerbRun run)
    {
        return Report(run, part => new EventSimulation()
        {
            Detector = run.Value(MuonOptions.Detector),
            Output = part,
            First = run.Value(_first),
            Count = run.Value(_events),
            Seed = run.Seed,
            Configuration = run.Value(SharedOptions.Configuration),
            Settings = MuonOptions.SettingsOf(run, "digitisation."),
        }.Run(run.Threads, run.Progress, run.Stop));
    }

    private static int Import(VerbRun run)
    {
        VerbOption[] sources = [_hits, _acts, _trackMl, MuonOptions.Deposits];
        foreach (VerbOption second in sources.Where(run.Given).Skip(1))
        {
            run.Exclude(sources.First(run.Given), second);
        }

        if (!run.Given(_hits))
        {
            run.RefuseIdle("it maps the columns of --hits", SharedOptions.Columns);
        }

        if (sources[..3].Any(run.Given))
        {
            run.RefuseIdle("hits are taken as they are, only deposits are digitised", MuonOptions.Background, MuonOptions.Smear,
                MuonOptions.Truth, SharedOptions.Configuration, SharedOptions.Set, SharedOptions.Seed);
            FilePart whole = FilePart.All(run.Value(_file));
            if (run.PartsOf(whole.Whole) is not [{ Command: null }])
            {
                throw new UsageException("only deposits are shared out: 'reconstruct' reads tables of hits in parts");
            }

            Detector detector = DetectorFile.Load(run.Value(MuonOptions.Detector));
            MuonInput input = new() { Events = run.Value(_hits), Columns = run.Value(SharedOptions.Columns), Note = run.Progress.Note };
            EventSet events = run.Value(_acts) is { } acts ? new ActsEvents(detector).Read(acts)
                : run.Value(_trackMl) is { } trackMl ? new TrackMlEvents(detector).Read(trackMl)
                : EventSet.WithoutTruth(input.LoadHits(detector));
            EventOutput.Write(run.Value(_file), events);
            return Report(run, _ => new(whole.File, events.Count, events.Hits.HitCount));
        }

        return Report(run, part => new DepositImport()
        {
            Detector = run.Value(MuonOptions.Detector),
            Deposits = run.Required(MuonOptions.Deposits),
            Truth = run.Required(MuonOptions.Truth),
            Output = part,
            Seed = run.Seed,
            Configuration = run.Value(SharedOptions.Configuration),
            Settings = MuonOptions.SettingsOf(run, string.Empty),
        }.Run(run.Progress, run.Stop));
    }

    private static int Report(VerbRun run, Func<FilePart, EventCounts> write)
    {
        foreach (FilePart part in run.PartsOf(run.Value(_file)))
        {
            EventCounts written = write(part);
            run.Summary.Sections["events"] = written.ToJson();
            run.Progress.Note(written.ToString());
        }

        run.WriteSummary();
        return 0;
    }

    private static int Validate(VerbRun run)
    {
        string[] deposits = run.Value(_deposits);
        string[] truth = run.Value(_truth);
        if (deposits.Length != truth.Length)
        {
            throw new UsageException(
                $"there are {deposits.Length} files of --deposits and {truth.Length} of --truth; give one --truth for each --deposits");
        }

        return ValidationOutput.Write(run, SimulationValidation.Run(
            run.Value(MuonOptions.Detector), deposits, truth, new(
                )
            { Copies = run.Value(_copies), Seed = run.Seed }, run.Progress, run.Stop));
    }
}
