using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta display".</summary>
internal static class DisplayVerb
{
    /// <summary>The command.</summary>
    public static Command Create() => new("display", "One event as a picture that zooms, in a page of its own") { Muon() };

    private static VerbCommand Muon()
    {
        Argument<string> file = new("page") { Description = "HTML page to write; it needs no other file" };
        Option<long> number = SharedOptions.WholeNumber("--event", "N", "Number of the event (default: the first of the input)", 0L, 0L);
        Option<string[]> models = new("--model")
        {
            HelpName = "FILE",
            Description = "Model; repeated, each draws its track, the first gives scores and influence (default: the shipped ones)",
            Arity = ArgumentArity.OneOrMore
        };
        VerbCommand verb = new(
            "muon",
            "Hits by score, truth, weight and influence on the momentum; fitted and true track; residuals of the planes",
            "sagitta display muon event.html --events events.npz --event 17",
            "sagitta display muon event.html --deposits data/geant4-toy16/slice_hits.csv.gz --truth data/geant4-toy16/slice_truth.csv.gz "
                + "--event 10005 --background 20",
            "sagitta display muon event.html --events events.npz --model model.safetensors")
        {
            file, number, models, MuonInputOptions.Events, EventOptions.Deposits, EventOptions.Truth, EventOptions.Background,
                EventOptions.Smear, SharedOptions.Seed,
        };
        verb.SetRun(run =>
        {
            run.Output.WriteLine(MuonExportCommands.Display(
                run.Value(models) ?? [], MuonInputOptions.Of(run), run.Given(number) ? run.Value(number) : null, run.Value(file)!));
            return 0;
        });
        return verb;
    }
}
