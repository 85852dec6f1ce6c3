using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta tune".</summary>
internal static class TuneVerb
{
    /// <summary>The command.</summary>
    public static Command Create() => new("tune", "Calibrate and tune what is no network on simulated events") { Muon() };

    private static VerbCommand Muon()
    {
        Option<string> config = new("--config") { HelpName = "FILE", Description = "Experiment file", Required = true };
        VerbCommand verb = new(
            "muon",
            "Calibrate errors of clusters, tune the classical muon method, and print the sections 'clustering' and 'classical' of an "
                + "experiment file",
            "sagitta tune muon --config experiments/muon-quick.yaml",
            "sagitta tune muon --config experiments/muon.yaml --set data.validation=1000")
        {
            config, SharedOptions.Threads, SharedOptions.Set,
        };
        verb.SetRun(run =>
        {
            run.Output.Write(MuonCommands.Tune(run.Value(config)!, run.Settings, run.Threads, run.Progress, run.Stop));
            return 0;
        });
        return verb;
    }
}
