using System.CommandLine;
using System.Text.Json.Nodes;

namespace Sagitta.Cli.Verbs;

/// <summary>The calorimeter under "simulate" and "validate-simulation".</summary>
internal static class CalorimeterSimulationVerbs
{
    /// <summary>"sagitta simulate calorimeter".</summary>
    public static VerbCommand Simulate()
    {
        Argument<string> file = new("file") { Description = "File of passages to write: .csv or .csv.gz" };
        Option<double> water = SharedOptions.Number("--water", "MM", "Thickness of the phantom in front", 150, 0);
        Option<int> protons = SharedOptions.WholeNumber("--protons", "N", "Number of protons, each an event", 10_000, 0);
        Option<int> first = SharedOptions.WholeNumber(
            "--first", "N", "Number of the first proton; a proton depends on seed and number alone", 0, 0);
        Option<string> detector = Detector();
        VerbCommand verb = new(
            "calorimeter",
            "Simulate protons in the tracking calorimeter: the passages that training, evaluation and validation read",
            "sagitta simulate calorimeter hits.csv.gz --water 150 --protons 10000 --seed 1",
            "sagitta simulate calorimeter water100_train_hits.csv.gz --water 100 --protons 20000 --seed 7")
        {
            file, water, protons, first, detector, SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Summary,
        };
        verb.SetRun(run =>
        {
            CalorimeterEventSimulation simulation = new()
            {
                Calorimeter = run.Value(detector)!,
                File = run.Value(file)!,
                Phantom = run.Value(water),
                First = run.Value(first),
                Count = run.Value(protons),
                Seed = run.Seed,
            };
            int rows = simulation.Run(run.Threads, run.Progress, run.Stop);
            run.Summary.Sections["events"] = new JsonObject { ["file"] = simulation.File, ["protons"] = simulation.Count, ["rows"] = rows };
            run.WriteSummary();
            run.Progress.Note(string.Create(CultureInfo.InvariantCulture,
                $"wrote {rows} passages of {simulation.Count} protons to {simulation.File}"));
            return 0;
        });
        return verb;
    }

    /// <summary>"sagitta validate-simulation calorimeter".</summary>
    public static VerbCommand Validate()
    {
        Option<string[]> hits = new("--hits")
        {
            HelpName = "FILE",
            Description = "Passages of a reference as CSV (plain or .gz) or NPZ; may be repeated"
        };
        Option<double[]> water = new("--water")
        {
            HelpName = "MM",
            Description = "Thickness of the phantom, one for each --hits (default: from names such as water150_test_hits.csv.gz)"
        };
        Option<int> copies = SharedOptions.WholeNumber("--copies", "N", "Simulated protons for each proton of the reference", 10, 1);
        Option<string> detector = Detector();
        VerbCommand verb = new(
            "calorimeter",
            "Compare the calorimeter simulation with reference passages, layer by layer; exit code 1 if a check fails",
            "sagitta validate-simulation calorimeter --hits water100_test_hits.csv.gz --out out",
            "sagitta validate-simulation calorimeter --hits other.npz --water 150 --summary -")
        {
            hits, water, copies, detector, SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Summary,
        };
        verb.SetRun(run =>
        {
            string[] files = run.Required(hits);
            double[] phantoms = run.Value(water) ?? [];
            if (phantoms.Length > 0 && phantoms.Length != files.Length)
            {
                throw new UsageException(
                    $"there are {files.Length} files of --hits and {phantoms.Length} of --water; give one --water for each --hits, or "
                        + $"none");
            }

            return ValidationOutput.Write(run, CalorimeterValidation.Run(
                run.Value(detector)!, files, phantoms, new() { Copies = run.Value(copies), Seed = run.Seed }, run.Threads, run.Progress,
                    run.Stop));
        });
        return verb;
    }

    private static Option<string> Detector() =>
        new("--detector")
        {
            HelpName = "NAME|FILE",
            Description = "The calorimeter",
            DefaultValueFactory = _ =>
            TrackingCalorimeterFile.Shipped
        };
}
