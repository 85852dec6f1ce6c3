using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta train".</summary>
internal static class TrainVerb
{
    /// <summary>The command.</summary>
    public static Command Create() => new("train",
        "Train one model from an experiment file; a stopped run continues where it was") { Muon() };

    private static VerbCommand Muon()
    {
        Option<string> config = new("--config") { HelpName = "FILE", Description = "Experiment file", Required = true };
        VerbCommand verb = new(
            "muon",
            "Train a muon model: end-to-end, or its factorised twin with --set loss.endToEnd=false",
            "sagitta train muon --config experiments/muon-quick.yaml --out run",
            "sagitta train muon --config experiments/muon-quick.yaml --set loss.endToEnd=false --out twin")
        {
            config, SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Set,
        };
        verb.SetRun(run =>
        {
            string folder = run.Out ?? throw new UsageException("--out is missing; give --out DIR");
            ulong? seed = run.Given(SharedOptions.Seed) ? run.Seed : null;
            run.Output.WriteLine(MuonCommands.Train(run.Value(config)!, run.Settings, seed, folder, run.Threads, run.Progress, run.Stop));
            return 0;
        });
        return verb;
    }
}
