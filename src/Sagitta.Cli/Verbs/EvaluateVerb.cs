using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta evaluate".</summary>
internal static class EvaluateVerb
{
    /// <summary>The command.</summary>
    public static Command Create() => new("evaluate",
        "Measure trained models, and the methods without one, on a sample with truth") { Muon(), CalorimeterVerbs.Evaluate() };

    private static VerbCommand Muon()
    {
        Option<string[]> models = new("--model")
        {
            HelpName = "FILE",
            Description = "Model to evaluate; may be repeated (default: every shipped one)",
            Arity = ArgumentArity.OneOrMore
        };
        VerbCommand verb = new(
            "muon",
            "Evaluate muon models on an event file or on Geant4 deposits",
            "sagitta evaluate muon --events events.npz --summary summary.json",
            "sagitta evaluate muon --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --background 5",
            "sagitta evaluate muon --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --smear 0.1 --background 0")
        {
            models, MuonInputOptions.Events, EventOptions.Deposits, EventOptions.Truth, EventOptions.Background, EventOptions.Smear,
            SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Summary, SharedOptions.Out,
        };
        verb.SetRun(run =>
        {
            run.Output.Write(MuonCommands.Evaluate(run.Value(models) ?? [], MuonInputOptions.Of(run), run.Threads, run.Summary));
            run.WriteSummary();
            return 0;
        });
        return verb;
    }
}
