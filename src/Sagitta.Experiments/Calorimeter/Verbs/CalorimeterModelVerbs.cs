namespace Sagitta.Experiments.Calorimeter.Verbs;

/// <summary>Verbs that make and measure segment networks: reproduce, evaluate.</summary>
internal static class CalorimeterModelVerbs
{
    private static readonly VerbOption<bool> _full =
        VerbOption.Flag("--full", "Hours: one seed, the published 10,000 steps at a constant rate, to see what they add");

    private static readonly VerbOption<bool> _train = VerbOption.Flag(
        "--train", "Train the models too that come with Sagitta: an hour or two; a stopped run goes on where it was");

    private static readonly VerbOption<string?> _data = VerbOption.Text("--data", "DIR",
        "Folder that holds geant4-dtc and geant4-radiograph with the whole samples (default: SAGITTA_DATA; with --quick, or if that is not "
            + "set, the shipped slices)");

    private static readonly VerbOption<int> _seeds = VerbOption.Whole(
        "--seeds", "N", "Number of consecutive seeds, from --seed on (default: the experiment's)", 0, 1, 1000) with
    { DefaultText = null };

    private static readonly VerbOption<string?> _config = SharedOptions.Configuration with { Required = true };
    private static readonly VerbOption<string?> _method =
        VerbOption.Text("--method", "LABEL", "Which of the experiment's methods, such as ptt or pat-25 (default: the first)");

    private static readonly VerbOption<string[]> _compared = VerbOption.Arguments("models", "Model files, or folders of runs");
    private static readonly VerbOption<string> _exported =
        VerbOption.Output("file", "File to write: .onnx for the network, .npz for its weights");

    private static readonly VerbOption<int> _water =
        VerbOption.Whole("--water", "MM", "Thickness of water in front of the hits, for the tables (default: unknown)", 0,
            0, 100_000) with
        { DefaultText = null };

    /// <summary>The verbs.</summary>
    public static IReadOnlyList<SystemVerb> All { get; } =
    [
        new(
            "init",
            "Write experiment.yaml for a calorimeter of your own, every field with its comment",
            [CalorimeterOptions.Detector, SharedOptions.Out],
            run =>
            {
                string file = CalorimeterModelCommands.CreateExperiment(run.Value(CalorimeterOptions.Detector), run.Folder);
                run.Output.WriteLine(
                    $"wrote {file}; next: sagitta train calorimeter --config {file} --out {Path.Combine(run.Folder, "run")}");
                return 0;
            })
        {
            Examples = ["sagitta init calorimeter --detector mine.yaml --out mine-calorimeter"],
        },
        new(
            "reproduce",
            "The tracking calorimeter: predict-then-track, predict-and-track and a follower on Geant4 frames",
            [SharedOptions.Quick, _full, _train, _seeds, SharedOptions.Configuration, _data, SharedOptions.SeedOfExperiment,
                SharedOptions.Threads, SharedOptions.Out, SharedOptions.Summary, SharedOptions.Set],
            Reproduce)
        {
            Examples =
            [
                "sagitta reproduce calorimeter --quick --out calorimeter-quick",
                "sagitta reproduce calorimeter --out calorimeter --data samples",
                "sagitta reproduce calorimeter --out calorimeter-trained --data samples --train",
                "sagitta reproduce calorimeter --out calorimeter-other --set data.folder=geant4-dtc",
            ],
            Resumes = true,
            Plan = run =>
            {
                CalorimeterExperiment experiment = Experiment(run);
                return [$"reads {FileOf(run)} and the events of {experiment.Data.Folder}", .. experiment.Methods.Select(m =>
                    !run.Value(_train) && CalorimeterReproduction.Shipped(experiment, m, experiment.Seed) is { } model
                        ? Taken(model) : $"trains {m.Label}, {experiment.Seeds} seed(s) from {experiment.Seed} on, "
                            + $"{experiment.Training.Steps} steps each"),
                    "tests them and a follower"];
            },
        },
        new(
            "evaluate",
            "Test segment networks on a file of passages",
            [.. CalorimeterOptions.Input, CalorimeterOptions.Models, CalorimeterOptions.Price, _water, SharedOptions.Threads,
                SharedOptions.Out, SharedOptions.Summary, SharedOptions.Mpi, SharedOptions.ShardOfSample],
            run => run.TellShared(shared => CalorimeterCommands.Evaluate(run.Value(CalorimeterOptions.Models),
                CalorimeterOptions.InputOf(run), run.Summary, run.Progress.Note, run.Value(_water), shared)))
        {
            Examples =
            [
                "sagitta evaluate calorimeter --hits data/geant4-dtc/water200_test_hits.csv.gz --protons-per-frame 100",
                "sagitta evaluate calorimeter --hits hits.npz --model model.safetensors --summary -",
            ],
        },
        new(
            "train",
            "Train one method of an experiment file; a stopped run continues where it was",
            [_config, _method, SharedOptions.SeedOfExperiment, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Set,
                SharedOptions.Mpi],
            run =>
            {
                (CalorimeterExperiment experiment, CalorimeterMethodOptions method) = Training(run);
                return run.Tell(CalorimeterModelCommands.Train(
                    experiment, method, run.Folder, run.Threads, run.Progress, run.Stop, run.Ranks));
            })
        {
            Examples =
            [
                "sagitta train calorimeter --config experiments/calorimeter-quick.yaml --out calorimeter-run",
                "sagitta train calorimeter --config experiments/calorimeter.yaml --method pat-75 --seed 2 --out calorimeter-75",
            ],
            Resumes = true,
            Plan = run =>
            {
                (CalorimeterExperiment experiment, CalorimeterMethodOptions method) = Training(run);
                return [$"trains {method.Label}, seed {experiment.Seed}, {experiment.Training.Steps} steps"];
            },
        },
        new(
            "tune",
            "Find the follower's largest bend and a model's price for unassigned hits on validation frames; with --out the model that has "
                + "this price is written there",
            [_config, CalorimeterOptions.Model, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Set],
            run => run.Tell(CalorimeterModelCommands.Tune(run.Required(_config), run.Settings, run.Value(CalorimeterOptions.Model),
                run.Out, run.Threads, run.Progress, run.Stop)))
        {
            Examples =
            [
                "sagitta tune calorimeter --config experiments/calorimeter-quick.yaml --model run/model.safetensors --out priced",
            ],
        },
        new(
            "compare",
            "A paired table of segment networks with 95 % intervals over frames",
            [_compared, .. CalorimeterOptions.Input, SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Summary, SharedOptions.Out],
            run => run.Tell(CalorimeterModelCommands.Compare(
                run.Value(_compared), CalorimeterOptions.InputOf(run), run.Seed, run.Summary, run.Progress.Note), summary: true))
        {
            Examples =
            [
                "sagitta compare calorimeter models/calorimeter/ptt-seed1.safetensors models/calorimeter/pat-75-seed1.safetensors "
                    + "--hits data/geant4-dtc/water200_test_hits.csv.gz --protons-per-frame 50",
            ],
        },
        new(
            "export model",
            "A segment network as ONNX, or its weights as NPZ",
            [_exported, CalorimeterOptions.Model],
            run => run.Tell(CalorimeterExportCommands.ExportModel(run.Value(CalorimeterOptions.Model), run.Value(_exported))))
        {
            Examples = ["sagitta export model calorimeter network.onnx",
                "sagitta export model calorimeter weights.npz --model model.safetensors"],
        },
    ];

    private static int Reproduce(VerbRun run)
    {
        run.Exclude(SharedOptions.Quick, _full);
        run.Exclude(SharedOptions.Configuration, _full);
        string folder = run.Folder;
        CalorimeterRequest request = new()
        {
            Experiment = Experiment(run),
            Quick = run.Value(SharedOptions.Quick),
            Train = run.Value(_train),
            Threads = run.Threads,
        };
        run.Output.Write(CalorimeterCommands.Reproduce(request, folder, run.Summary, run.Progress, run.Stop));
        run.WriteSummary();
        run.Output.WriteLine($"\nwrote {Path.Combine(folder, "report.html")} and {Path.Combine(folder, "summary.json")}");
        return 0;
    }

    private static string FileOf(VerbRun run) => run.Value(SharedOptions.Configuration)
        ?? CalorimeterCommands.ShippedExperiment(run.Value(SharedOptions.Quick), run.Value(_full));

    private static CalorimeterExperiment Experiment(VerbRun run)
    {
        CalorimeterExperiment experiment = ConfigurationFile.Load<CalorimeterExperiment>(
            FileOf(run), [.. CalorimeterCommands.WholeSamples(DataOf(run)), .. run.Settings]);
        return experiment with { Seed = run.SeedOf(experiment.Seed), Seeds = run.ValueIfGiven(_seeds) ?? experiment.Seeds };
    }

    private static (CalorimeterExperiment Experiment, CalorimeterMethodOptions Method) Training(VerbRun run)
    {
        string file = run.Required(_config);
        CalorimeterExperiment experiment = ConfigurationFile.Load<CalorimeterExperiment>(file, run.Settings);
        return (experiment with { Seed = run.SeedOf(experiment.Seed) },
            CalorimeterModelCommands.MethodOf(experiment, file, run.Value(_method)));
    }

    private static string? DataOf(VerbRun run) =>
        run.Value(_data) ?? (run.Value(SharedOptions.Quick) ? null : Environment.GetEnvironmentVariable("SAGITTA_DATA"));

    private static string Taken(CalorimeterModel model)
    {
        using (model)
        {
            return $"takes the models of {model.Method.Label} that come with Sagitta";
        }
    }
}
