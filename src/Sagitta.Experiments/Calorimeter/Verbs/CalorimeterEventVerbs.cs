using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Calorimeter.Verbs;

/// <summary>Verbs about protons in the calorimeter: simulate, validate-simulation.</summary>
internal static class CalorimeterEventVerbs
{
    private static readonly VerbOption<string> _file = VerbOption.Output("file", "File of passages to write: .csv or .csv.gz");
    private static readonly VerbOption<double> _water = VerbOption.Number(
        "--water", "MM", "Thickness of the phantom in front", 150, 0, 1e5);
    private static readonly VerbOption<int> _protons = VerbOption.Whole(
        "--protons", "N", "Number of protons, each an event", 10_000, 0, int.MaxValue);
    private static readonly VerbOption<int> _first =
        VerbOption.Whole("--first", "N", "Number of the first proton; a proton depends on seed and number alone", 0, 0, int.MaxValue);

    private static readonly VerbOption<string[]> _references = VerbOption.Texts(
        "--hits", "FILE", "Passages of a reference as CSV (plain or .gz) or NPZ; may be repeated") with
    { Required = true };

    private static readonly VerbOption<double[]> _waters =
        VerbOption.Numbers("--water", "MM", "Thickness of the phantom, one for each --hits", [], 0, 1e5);

    private static readonly VerbOption<int> _copies =
        VerbOption.Whole("--copies", "N", "Simulated protons for each proton of the reference", 10, 1, 1_000_000);

    /// <summary>The verbs.</summary>
    public static IReadOnlyList<SystemVerb> All { get; } =
    [
        new(
            "simulate",
            "Simulate protons in the tracking calorimeter: the passages that training, evaluation and validation read",
            [_file, _water, _protons, _first, CalorimeterOptions.Detector, SharedOptions.Seed, SharedOptions.Threads,
                SharedOptions.Summary, .. SharedOptions.Sharding],
            Simulate)
        {
            Examples =
            [
                "sagitta simulate calorimeter hits.csv.gz --water 150 --protons 10000 --seed 1",
                "sagitta simulate calorimeter water100_train_hits.csv.gz --water 100 --protons 20000 --seed 7",
            ],
        },
        new(
            "validate-simulation",
            "Compare the calorimeter simulation with reference passages, layer by layer; exit code 1 if a check fails",
            [_references, _waters, _copies, CalorimeterOptions.Detector, SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Out,
                SharedOptions.Summary],
            Validate)
        {
            Examples =
            [
                "sagitta validate-simulation calorimeter --hits water100_test_hits.csv.gz --water 100 --out validation-calorimeter",
                "sagitta validate-simulation calorimeter --hits other.npz --water 150 --summary -",
            ],
        },
    ];

    private static int Simulate(VerbRun run)
    {
        foreach (FilePart part in run.PartsOf(run.Value(_file)))
        {
            CalorimeterEventSimulation simulation = new()
            {
                Calorimeter = run.Value(CalorimeterOptions.Detector),
                Output = part,
                Phantom = run.Value(_water),
                First = run.Value(_first),
                Count = run.Value(_protons),
                Seed = run.Seed,
            };
            int rows = simulation.Run(run.Threads, run.Progress, run.Stop);
            run.Summary.Sections["events"] = new JsonObject { ["file"] = part.File, ["protons"] = simulation.Count, ["rows"] = rows };
            run.Progress.Note(string.Create(CultureInfo.InvariantCulture,
                $"wrote {rows} passages of {(part.Command is null ? "" : "a part of ")}{simulation.Count} protons to {part.File}"));
        }

        run.WriteSummary();
        return 0;
    }

    private static int Validate(VerbRun run)
    {
        string[] files = run.Value(_references);
        double[] waters = run.Value(_waters);
        if (waters.Length != files.Length)
        {
            throw new UsageException(
                $"there are {files.Length} files of --hits and {waters.Length} of --water; give one --water for each --hits");
        }

        return ValidationOutput.Write(run, CalorimeterValidation.Run(
            run.Value(CalorimeterOptions.Detector), files, waters, new() { Copies = run.Value(_copies), Seed = run.Seed }, run.Threads,
            run.Progress, run.Stop));
    }
}
