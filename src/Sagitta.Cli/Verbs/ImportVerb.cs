using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta import": Geant4 deposits, digitised, into an event file.</summary>
internal static class ImportVerb
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "Event file to write: .npz, or .csv for a pair of tables" };
        VerbCommand verb = new(
            "import",
            "Digitise Geant4 deposits into an event file, as simulated deposits are",
            "sagitta import events.npz --deposits ref_hits.csv.gz --truth ref_truth.csv.gz --background 5",
            "sagitta import smeared.npz --deposits ref_hits.csv.gz --truth ref_truth.csv.gz --smear 0.1")
        {
            file, EventOptions.Detector, EventOptions.Deposits, EventOptions.Truth, EventOptions.Background, EventOptions.Smear,
            EventOptions.Configuration, SharedOptions.Set, SharedOptions.Seed, SharedOptions.Summary,
        };
        verb.SetRun(run =>
        {
            DepositImport import = new()
            {
                Detector = run.Value(EventOptions.Detector)!,
                Deposits = run.Required(EventOptions.Deposits),
                Truth = run.Required(EventOptions.Truth),
                File = run.Value(file)!,
                Seed = run.Seed,
                Configuration = run.Value(EventOptions.Configuration),
                Settings = EventOptions.SettingsOf(run, string.Empty),
            };
            EventCounts written = import.Run(run.Progress, run.Stop);
            run.Summary.Sections["events"] = written.ToJson();
            run.WriteSummary();
            run.Progress.Note(written.ToString());
            return 0;
        });
        return verb;
    }
}
