using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>The calorimeter under "reproduce" and "evaluate".</summary>
internal static class CalorimeterVerbs
{
    /// <summary>"sagitta reproduce calorimeter".</summary>
    public static VerbCommand Reproduce()
    {
        Option<bool> quick = new("--quick") { Description = "A short form of a few minutes: one seed, few steps, smaller frames" };
        Option<bool> full = new("--full")
        {
            Description =
            "Hours: one seed, the published 10,000 steps at a constant rate, to see what they add"
        };
        Option<int> seeds = SharedOptions.WholeNumber(
            "--seeds", "N", "Number of consecutive seeds, from --seed on (default: the experiment's)", 0, 1);
        Option<string?> config = new("--config") { HelpName = "FILE", Description = "Experiment file (default: the shipped one)" };
        VerbCommand verb = new(
            "calorimeter",
            "The tracking calorimeter: predict-then-track, predict-and-track and a follower on Geant4 frames",
            "sagitta reproduce calorimeter --quick --out out",
            "sagitta reproduce calorimeter --out run --set data.folder=geant4-dtc")
        {
            quick, full, seeds, config, SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Summary,
                SharedOptions.Set,
        };
        verb.SetRun(run =>
        {
            string folder = run.Out ?? throw new UsageException("--out is missing; give --out DIR");
            CalorimeterRequest request = new()
            {
                Quick = run.Value(quick),
                Full = run.Value(full),
                Seed = run.Seed,
                Seeds = run.Given(seeds) ? run.Value(seeds) : null,
                Threads = run.Threads,
                Configuration = run.Value(config),
                Settings = run.Settings,
            };
            if (request.Full && request.Quick)
            {
                throw new UsageException("--quick and --full exclude each other: give one of them");
            }

            run.Output.Write(CalorimeterCommands.Reproduce(request, folder, run.Summary, run.Progress, run.Stop));
            run.WriteSummary();
            run.Output.WriteLine($"\nwrote {Path.Combine(folder, "report.html")} and {Path.Combine(folder, "summary.json")}");
            return 0;
        });
        return verb;
    }

    /// <summary>"sagitta evaluate calorimeter".</summary>
    public static VerbCommand Evaluate()
    {
        Option<string?> hits = new("--hits") { HelpName = "FILE", Description = "Passages as CSV (plain or .gz) or NPZ" };
        Option<int> protons = SharedOptions.WholeNumber("--protons-per-frame", "N", "Consecutive events overlaid in a frame", 100, 1);
        Option<int> water = SharedOptions.WholeNumber("--water", "MM", "Thickness of water before the calorimeter, for tables", 0, 0);
        Option<string[]> models = new("--model")
        {
            HelpName = "FILE",
            Description = "Model to test; may be repeated (default: the shipped ones)",
            Arity = ArgumentArity.OneOrMore
        };
        Option<bool> keep = new("--keep-electrons") { Description = "Keep rows of electrons, positrons and photons" };
        Option<double> price = SharedOptions.Number("--unassigned-price", "P",
            "Price of a hit that is joined to none; a segment of score p costs 1 - p (default: the model's)", 0, 0);
        VerbCommand verb = new(
            "calorimeter",
            "Test segment networks on a file of passages",
            "sagitta evaluate calorimeter --hits data/geant4-dtc/water200_test_hits.csv.gz --water 200 --protons-per-frame 100",
            "sagitta evaluate calorimeter --hits hits.npz --model model.safetensors --summary -")
        {
            hits, protons, water, models, keep, price, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Summary,
        };
        verb.SetRun(run =>
        {
            string file = run.Value(hits) ?? throw new UsageException("--hits is missing; give --hits FILE");
            string table = CalorimeterCommands.Evaluate(file, run.Value(protons), run.Value(models) ?? [], run.Value(keep), run.Given(price)
                ? run.Value(price) : null, run.Threads, run.Summary, run.Value(water));
            run.Output.Write(run.Value(SharedOptions.Summary) == "-" ? string.Empty : table);
            run.WriteSummary();
            return 0;
        });
        return verb;
    }
}
