namespace Sagitta.Experiments.Muon.Verbs;

/// <summary>Verbs that make and measure muon models: train, tune, evaluate, compare, export model.</summary>
internal static class MuonModelVerbs
{
    private static readonly VerbOption<string?> _config = SharedOptions.Configuration with { Required = true };
    private static readonly VerbOption<string?> _network = VerbOption.Text(
        "--network", "FILE", "A model whose network stays as it is: its measurement stage alone is trained");

    private static readonly VerbOption<string[]> _models =
        VerbOption.Texts(
            "--model", "FILE", "Model to evaluate; may be repeated (default: every shipped one for the detector of the events)");

    private static readonly VerbOption<string[]> _compared = VerbOption.Arguments("models", "Model files, or folders of runs");
    private static readonly VerbOption<string> _exported = VerbOption.Output(
        "file", "File to write: .onnx for the network, .npz for its weights");
    private static readonly VerbOption<string> _chain = VerbOption.Output("file", "File to write: .onnx");

    /// <summary>The verbs.</summary>
    public static IReadOnlyList<SystemVerb> All { get; } =
    [
        new(
            "init",
            "Write experiment.yaml for a detector of your own: gates and errors that suit it, every field with its comment",
            [MuonOptions.Detector, SharedOptions.Out, SharedOptions.Threads],
            run =>
            {
                string file = MuonTemplate.Create(run.Value(MuonOptions.Detector), run.Folder, run.Threads);
                run.Output.WriteLine($"wrote {file}; next: sagitta tune muon --config {file} --out {run.Folder}");
                return 0;
            })
        {
            Examples = ["sagitta init muon --detector mine.yaml --out mine"],
        },
        new(
            "train",
            "Train a muon model: end-to-end; with --set loss.endToEnd=false local, or factorised where loss.localLikelihood is 0",
            [_config, _network, SharedOptions.SeedOfExperiment, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Set,
                SharedOptions.Mpi],
            run => run.Tell(MuonCommands.Train(
                Experiment(run), run.Value(_network), run.Folder, run.Threads, run.Progress, run.Stop, run.Ranks)))
        {
            Examples =
            [
                "sagitta train muon --config experiments/muon-quick.yaml --out run",
                "sagitta train muon --config experiments/muon-quick.yaml --set loss.endToEnd=false --set loss.localLikelihood=0 --out twin",
                "sagitta train muon --config experiments/muon-measured.yaml --network models/muon/factorised.safetensors --out staged",
            ],
            Resumes = true,
            Plan = run =>
            {
                MuonExperiment experiment = Experiment(run);
                return [$"trains {MuonMethod.Trained(experiment.Loss).Name}, seed {experiment.Seed}: "
                    + $"{experiment.Training.Describe(experiment.Data.Training)}"];
            },
        },
        new(
            "tune",
            "Calibrate errors of clusters, tune the classical muon method, and print the sections 'clustering' and 'classical' of an "
                + "experiment file",
            [_config, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Set],
            run => run.Tell(MuonCommands.Tune(run.Required(_config), run.Settings, run.Out, run.Threads, run.Progress, run.Stop)))
        {
            Examples =
            [
                "sagitta tune muon --config experiments/muon-quick.yaml",
                "sagitta tune muon --config mine/experiment.yaml --out mine",
                "sagitta tune muon --config experiments/muon.yaml --set data.validation=1000",
            ],
        },
        new(
            "evaluate",
            "Evaluate muon models on an event file or on Geant4 deposits",
            [_models, .. MuonOptions.Input, SharedOptions.Threads, SharedOptions.Summary, SharedOptions.Out, SharedOptions.Mpi,
                SharedOptions.ShardOfSample],
            run => run.TellShared(shared =>
                MuonCommands.Evaluate(run.Value(_models), MuonOptions.InputOf(run), run.Threads, run.Summary, shared)))
        {
            Examples =
            [
                "sagitta evaluate muon --events events.npz --summary summary.json",
                "sagitta evaluate muon --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --background 5",
                "sagitta evaluate muon --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --smear 0.1 --background 0",
            ],
        },
        new(
            "compare",
            "A paired table of muon models with 95 % intervals over events",
            [_compared, .. MuonOptions.Input, SharedOptions.Threads, SharedOptions.Summary, SharedOptions.Out],
            run => run.Tell(MuonExportCommands.Compare(run.Value(_compared), MuonOptions.InputOf(run), run.Threads, run.Summary),
                summary: true))
        {
            Examples =
            [
                "sagitta compare muon models/muon/factorised.safetensors models/muon/end-to-end.safetensors --events events.npz",
                "sagitta compare muon run twin --deposits data/geant4-toy16/slice_hits.csv.gz --truth data/geant4-toy16/slice_truth.csv.gz",
            ],
        },
        new(
            "export model",
            "A muon model's network as ONNX, or its weights as NPZ",
            [_exported, MuonOptions.Model],
            run => run.Tell(MuonExportCommands.ExportModel(run.Value(MuonOptions.Model), run.Value(_exported))))
        {
            Examples = ["sagitta export model network.onnx", "sagitta export model weights.npz --model run/model.safetensors"],
            IsDefault = true,
        },
        new(
            "export chain",
            "A muon model's whole chain, from the hits and roads of an event to its track, as one ONNX graph",
            [_chain, MuonOptions.Model],
            run => run.Tell(MuonExportCommands.ExportChain(run.Value(MuonOptions.Model), run.Value(_chain))))
        {
            Examples = ["sagitta export chain muon chain.onnx"],
            IsDefault = true,
        },
    ];

    private static MuonExperiment Experiment(VerbRun run)
    {
        MuonExperiment experiment = ConfigurationFile.Load<MuonExperiment>(run.Required(_config), run.Settings);
        return experiment with { Seed = run.SeedOf(experiment.Seed) };
    }
}
