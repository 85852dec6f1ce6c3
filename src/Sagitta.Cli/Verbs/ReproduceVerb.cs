using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta reproduce": the main jobs.</summary>
internal static class ReproduceVerb
{
    /// <summary>The command.</summary>
    public static Command Create() =>
        new("reproduce", "Train and compare all methods of a system, and write tables, summary.json and report.html")
        {
            Muon(),
            CalorimeterVerbs.Reproduce(),
        };

    private static VerbCommand Muon()
    {
        Option<bool> quick = new("--quick") { Description = "A short form of a few minutes: one seed, one flux, fewer events" };
        Option<int> seeds = SharedOptions.WholeNumber(
            "--seeds", "N", "Number of consecutive seeds, from --seed on (default 5, quick 1)", 0, 1);
        Option<string?> config = new("--config") { HelpName = "FILE", Description = "Experiment file (default: the shipped one)" };
        Option<string?> deposits = new("--deposits")
        {
            HelpName = "FILE",
            Description = "Geant4 deposits to test on (default: the shipped slice)"
        };
        Option<string?> truth = new("--truth") { HelpName = "FILE", Description = "Truth of these deposits" };
        Option<string?> data = new("--data")
        {
            HelpName = "DIR",
            Description =
                "Folder that holds geant4-toy16 with the full samples: tests on 10,000 events and on fixed momenta (default: "
                + "SAGITTA_DATA; with --quick, or if that is not set, the shipped slice)",
        };
        Option<bool> full = new("--full")
        {
            Description =
            "With the studies that train: other detectors, loss terms off, numbers of training events; hours"
        };
        Option<string?> only = new("--only")
        {
            HelpName = "STUDY",
            Description = "One study alone, such as wrong-field or detector-toy17; a wrong name lists them all"
        };
        Option<int> studySeeds = SharedOptions.WholeNumber("--study-seeds", "N", "Most seeds of studies that train", 3, 1);
        Option<string?> publish = new("--publish")
        {
            HelpName = "DIR",
            Description = "Root of a checkout: write docs/results.md, docs/images and the table of README.md there"
        };
        VerbCommand verb = new(
            "muon",
            "The muon spectrometer: truth, factorised, end-to-end and road on simulated and on Geant4 hits",
            "sagitta reproduce muon --quick --out out",
            "sagitta reproduce muon --out muon",
            "sagitta reproduce muon --out muon --full",
            "sagitta reproduce muon --out muon --only misaligned",
            "sagitta reproduce muon --out muon --data samples --seeds 7",
            "sagitta reproduce muon --quick --out out --set training.epochs=2")
        {
            quick, full, only, seeds, studySeeds, publish, config, data, deposits, truth, SharedOptions.Seed, SharedOptions.Threads,
                SharedOptions.Out, SharedOptions.Summary, SharedOptions.Set,
        };
        verb.SetRun(run =>
        {
            string folder = run.Out ?? throw new UsageException("--out is missing; give --out DIR");
            if (run.Given(deposits) != run.Given(truth))
            {
                throw new UsageException("--deposits and --truth belong together: give both or neither");
            }

            MuonReproductionRequest request = new()
            {
                Quick = run.Value(quick),
                Full = run.Value(full),
                Only = run.Value(only),
                StudySeeds = run.Value(studySeeds),
                Publish = run.Value(publish),
                Seed = run.Seed,
                Seeds = run.Given(seeds) ? run.Value(seeds) : null,
                Threads = run.Threads,
                Configuration = run.Value(config),
                Settings = run.Settings,
                Data = run.Value(data) ?? (run.Value(quick) ? null : Environment.GetEnvironmentVariable("SAGITTA_DATA")),
                Deposits = run.Value(deposits),
                Truth = run.Value(truth),
                Command = run.CommandLine,
            };
            if (request.Full && request.Quick)
            {
                throw new UsageException("--quick and --full exclude each other: give one of them");
            }

            run.Output.Write(MuonReproductionCommand.Run(request, folder, run.Summary, run.Progress, run.Stop));
            if (request.Only is null)
            {
                run.WriteSummary();
            }

            if (request.Only is not null)
            {
                run.Output.WriteLine(
                    $"\nwrote {Path.Combine(folder, "studies", request.Only + ".json")}; a run without --only puts it into the report");
                return 0;
            }

            run.Output.WriteLine($"\nwrote {Path.Combine(folder, "report.html")} and {Path.Combine(folder, "summary.json")}");
            return 0;
        });
        return verb;
    }
}
