using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta compare".</summary>
internal static class CompareVerb
{
    /// <summary>The command.</summary>
    public static Command Create() => new("compare",
        "Models, or all models of runs, on the same events, each against the first") { Muon() };

    private static VerbCommand Muon()
    {
        Argument<string[]> models = new("models") { Description = "Model files, or folders of runs", Arity = ArgumentArity.OneOrMore };
        VerbCommand verb = new(
            "muon",
            "A paired table of muon models with 95 % intervals over events",
            "sagitta compare muon models/muon/factorised.safetensors models/muon/end-to-end.safetensors --events events.npz",
            "sagitta compare muon run twin --deposits data/geant4-toy16/slice_hits.csv.gz --truth data/geant4-toy16/slice_truth.csv.gz "
                + "--summary -")
        {
            models, MuonInputOptions.Events, EventOptions.Deposits, EventOptions.Truth, EventOptions.Background, EventOptions.Smear,
            SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Summary, SharedOptions.Out,
        };
        verb.SetRun(run =>
        {
            string table = MuonExportCommands.Compare(run.Value(models)!, MuonInputOptions.Of(run), run.Threads, run.Summary);
            run.Output.Write(run.Value(SharedOptions.Summary) == "-" ? string.Empty : table);
            run.WriteSummary();
            return 0;
        });
        return verb;
    }
}
