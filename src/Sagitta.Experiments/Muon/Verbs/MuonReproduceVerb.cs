namespace Sagitta.Experiments.Muon.Verbs;

/// <summary>"sagitta reproduce muon": the main job.</summary>
internal static class MuonReproduceVerb
{
    private static readonly VerbOption<int> _seeds =
        VerbOption.Whole("--seeds", "N", "Number of consecutive seeds, from --seed on (default 5, quick 1)", 0, 1, 1000) with
        { DefaultText = null };

    private static readonly VerbOption<string?> _deposits =
        VerbOption.Text("--deposits", "FILE", "Geant4 deposits to test on (default: the shipped slice)");

    private static readonly VerbOption<string?> _truth = VerbOption.Text("--truth", "FILE", "Truth of these deposits");
    private static readonly VerbOption<string?> _data = VerbOption.Text(
        "--data",
        "DIR",
        "Folder that holds geant4-toy16 with the full samples: tests on 10,000 events and on fixed momenta (default: SAGITTA_DATA; with "
            + "--quick, or "
            + "if that is not set, the shipped slice)");

    private static readonly VerbOption<bool> _full =
        VerbOption.Flag("--full", "With the studies that train: other detectors, loss terms off, numbers of training events; hours");

    private static readonly VerbOption<string?> _only =
        VerbOption.Text("--only", "STUDY", "One study alone, such as wrong-field or detector-toy17; a wrong name lists them all");

    private static readonly VerbOption<int> _studySeeds = VerbOption.Whole(
        "--study-seeds", "N", "Most seeds of studies that train", 3, 1, 1000);
    private static readonly VerbOption<string?> _publish = VerbOption.Text(
        "--publish", "DIR", "Root of a checkout: write docs/results.md, docs/images and the table of README.md there") with
    { IsWritten = true };

    /// <summary>The verb.</summary>
    public static SystemVerb Verb { get; } = new(
        "reproduce",
        "The muon spectrometer: truth, factorised, end-to-end and road on simulated and on Geant4 hits",
        [SharedOptions.Quick, _full, _only, _seeds, _studySeeds, _publish, SharedOptions.Configuration, _data, _deposits, _truth,
            SharedOptions.SeedOfExperiment, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Summary, SharedOptions.Set],
        Run)
    {
        Examples =
        [
            "sagitta reproduce muon --quick --out out",
            "sagitta reproduce muon --out measured",
            "sagitta reproduce muon --out muon-full --full",
            "sagitta reproduce muon --out muon-misaligned --only misaligned",
            "sagitta reproduce muon --out muon-seven --data samples --seeds 7",
            "sagitta reproduce muon --quick --out muon-short --set training.epochs=2",
        ],
        Resumes = true,
        Plan = run =>
        {
            MuonExperiment experiment = Experiment(run);
            return [$"reads {FileOf(run)}",
                $"trains {string.Join(", ", MuonReproductionOptions.TrainedBy(experiment).Select(m => m.Name))}, "
                    + $"{run.ValueIfGiven(_seeds) ?? (run.Value(SharedOptions.Quick) ? 1 : 5)} seed(s) each, from {experiment.Seed} on: "
                    + experiment.Training.Describe(experiment.Data.Training),
                "tests them, truth, classical and road on simulated and Geant4 hits"];
        },
    };

    private static string FileOf(VerbRun run) =>
        run.Value(SharedOptions.Configuration) ?? MuonReproductionCommand.ShippedExperiment(run.Value(SharedOptions.Quick));

    private static MuonExperiment Experiment(VerbRun run)
    {
        MuonExperiment experiment = ConfigurationFile.Load<MuonExperiment>(FileOf(run), run.Settings);
        return experiment with { Seed = run.SeedOf(experiment.Seed) };
    }

    private static int Run(VerbRun run)
    {
        if (run.Given(_deposits) != run.Given(_truth))
        {
            throw new UsageException("--deposits and --truth belong together: give both or neither");
        }

        run.Exclude(SharedOptions.Quick, _full);
        run.Exclude(_data, _deposits);
        if (run.Given(_only))
        {
            run.RefuseIdle("--only answers one study", _full, _publish);
        }

        string folder = run.Folder;
        bool quick = run.Value(SharedOptions.Quick);
        MuonReproductionRequest request = new()
        {
            Experiment = Experiment(run),
            Quick = quick,
            Full = run.Value(_full),
            Only = run.Value(_only),
            StudySeeds = run.Value(_studySeeds),
            Publish = run.Value(_publish),
            Seeds = run.ValueIfGiven(_seeds),
            Threads = run.Threads,
            Data = run.Value(_data) ?? (quick ? null : Environment.GetEnvironmentVariable("SAGITTA_DATA")),
            Deposits = run.Value(_deposits),
            Truth = run.Value(_truth),
            Command = run.CommandLine,
        };
        run.Output.Write(MuonReproductionCommand.Run(request, folder, run.Summary, run.Progress, run.Stop));
        if (request.Only is { } study)
        {
            run.Output.WriteLine(
                $"\nwrote {Path.Combine(folder, "studies", study + ".json")}; a run without --only puts it into the report");
            return 0;
        }

        run.WriteSummary();
        run.Output.WriteLine($"\nwrote {Path.Combine(folder, "report.html")} and {Path.Combine(folder, "summary.json")}");
        return 0;
    }
}
