using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta simulate": muon events into a file, and below it protons in the calorimeter.</summary>
internal static class SimulateVerb
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "Event file to write: .npz, or .csv for a pair of tables" };
        Option<long> events = SharedOptions.WholeNumber("--events", "N", "Number of events", 10_000L, 0L);
        Option<long> first = SharedOptions.WholeNumber(
            "--first", "N", "Number of the first event; an event depends on seed and number alone", 0L, 0L);
        VerbCommand verb = new(
            "simulate",
            "Simulate muon events of a detector into a file that NumPy reads",
            "sagitta simulate events.npz --events 10000 --background 5 --seed 1",
            "sagitta simulate small.csv --detector three-station --events 100",
            "sagitta simulate mixed.npz --background 0 --background 5 --background 20",
            "sagitta simulate fixed.npz --set \"vertex.momentum=[{low: 30, high: 30}]\"")
        {
            file, EventOptions.Detector, events, first, EventOptions.Background, EventOptions.Smear, EventOptions.Configuration,
            SharedOptions.Set, SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Summary,
            CalorimeterSimulationVerbs.Simulate(),
        };
        verb.SetRun(run =>
        {
            EventSimulation simulation = new()
            {
                Detector = run.Value(EventOptions.Detector)!,
                File = run.Value(file)!,
                First = run.Value(first),
                Count = run.Value(events),
                Seed = run.Seed,
                Configuration = run.Value(EventOptions.Configuration),
                Settings = EventOptions.SettingsOf(run, "digitisation."),
            };
            EventCounts written = simulation.Run(run.Threads, run.Progress, run.Stop);
            run.Summary.Sections["events"] = written.ToJson();
            run.WriteSummary();
            run.Progress.Note(written.ToString());
            return 0;
        });
        return verb;
    }
}
