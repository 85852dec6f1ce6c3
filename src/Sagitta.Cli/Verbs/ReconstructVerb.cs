using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta reconstruct".</summary>
internal static class ReconstructVerb
{
    /// <summary>The command.</summary>
    public static Command Create() => new("reconstruct", "Events in, tracks out") { Muon() };

    private static VerbCommand Muon()
    {
        Argument<string> file = new("tracks") { Description = "Track file to write: .npz or .csv, - for CSV on standard output" };
        Option<string?> model = new("--model") { HelpName = "FILE", Description = "Model (default: the shipped end-to-end one)" };
        Option<bool> search = new("--track-search")
        {
            Description =
                "Keep the hits of one track alone, which a search among the scored hits finds: three muons in a thousand more at 20 "
                + "kHz/cm2, in half as much time again",
        };
        VerbCommand verb = new(
            "muon",
            "Find the muon of every event: event,status,charge,pt,q_over_pt,q_over_pt_error,y0,slope,chi2,ndf,planes",
            "sagitta reconstruct muon tracks.csv --events events.npz",
            "sagitta reconstruct muon tracks.csv --events events.npz --track-search",
            "sagitta reconstruct muon - --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --background 5")
        {
            file, model, search, MuonInputOptions.Events, EventOptions.Deposits, EventOptions.Truth, EventOptions.Background,
                EventOptions.Smear,
            SharedOptions.Seed, SharedOptions.Threads,
        };
        verb.SetRun(run =>
        {
            using Stream output = Console.OpenStandardOutput();
            run.Progress.Note(MuonCommands.Reconstruct(run.Value(model), MuonInputOptions.Of(run), run.Value(search), run.Value(file)!,
                run.Threads, output));
            return 0;
        });
        return verb;
    }
}
