namespace Sagitta.Experiments.Calorimeter.Verbs;

/// <summary>Verbs that make and measure segment networks: reproduce, evaluate.</summary>
internal static class CalorimeterModelVerbs
{
    private static readonly VerbOption<bool> _full =
        VerbOption.Flag("--full", "Hours: one seed, the published 10,000 steps at a constant rate, to see what they add");

    private static readonly VerbOption<int> _seeds = VerbOption.Whole(
        "--seeds", "N", "Number of consecutive seeds, from --seed on (default: the experiment's)", 0, 1) with { DefaultText = null };

    /// <summary>The verbs.</summary>
    public static IReadOnlyList<SystemVerb> All { get; } =
    [
        new(
            "reproduce",
            "The tracking calorimeter: predict-then-track, predict-and-track and a follower on Geant4 frames",
            [SharedOptions.Quick, _full, _seeds, SharedOptions.Configuration, SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Out,
                SharedOptions.Summary, SharedOptions.Set],
            Reproduce)
        {
            Examples =
            [
                "sagitta reproduce calorimeter --quick --out out",
                "sagitta reproduce calorimeter --out run --set data.folder=geant4-dtc",
            ],
        },
        new(
            "evaluate",
            "Test segment networks on a file of passages",
            [CalorimeterOptions.Hits, CalorimeterOptions.Protons, CalorimeterOptions.Models, CalorimeterOptions.KeepElectrons,
                CalorimeterOptions.Price, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Summary],
            Evaluate)
        {
            Examples =
            [
                "sagitta evaluate calorimeter --hits data/geant4-dtc/water200_test_hits.csv.gz --protons-per-frame 100",
                "sagitta evaluate calorimeter --hits hits.npz --model model.safetensors --summary -",
            ],
        },
    ];

    private static int Reproduce(VerbRun run)
    {
        string folder = run.Folder;
        run.Exclude(SharedOptions.Quick, _full);
        CalorimeterRequest request = new()
        {
            Quick = run.Value(SharedOptions.Quick),
            Full = run.Value(_full),
            Seed = run.Seed,
            Seeds = run.ValueIfGiven(_seeds),
            Threads = run.Threads,
            Configuration = run.Value(SharedOptions.Configuration),
            Settings = run.Settings,
        };
        run.Output.Write(CalorimeterCommands.Reproduce(request, folder, run.Summary, run.Progress, run.Stop));
        run.WriteSummary();
        run.Output.WriteLine($"\nwrote {Path.Combine(folder, "report.html")} and {Path.Combine(folder, "summary.json")}");
        return 0;
    }

    private static int Evaluate(VerbRun run)
    {
        run.WriteTable(CalorimeterCommands.Evaluate(
            run.Required(CalorimeterOptions.Hits), run.Value(CalorimeterOptions.Protons), run.Value(CalorimeterOptions.Models),
            run.Value(CalorimeterOptions.KeepElectrons), run.ValueIfGiven(CalorimeterOptions.Price), run.Threads, run.Summary));
        run.WriteSummary();
        return 0;
    }
}
