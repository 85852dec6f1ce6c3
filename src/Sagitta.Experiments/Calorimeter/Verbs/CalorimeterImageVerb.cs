namespace Sagitta.Experiments.Calorimeter.Verbs;

/// <summary>The verb that makes an image of hits.</summary>
internal static class CalorimeterImageVerb
{
    private static readonly VerbOption<string?> _phantom =
        VerbOption.Text("--phantom", "FILE", "Phantom (YAML) whose cylinders are measured in the image");

    private static readonly VerbOption<double> _pixel = VerbOption.Number("--pixel", "MM", "Size of a pixel", 2, 0.05, 1e3);
    private static readonly VerbOption<string?> _model = VerbOption.Text(
        "--model", "FILE", "Model (default: the shipped predict-then-track one)");

    private static readonly VerbOption<double> _margin = VerbOption.Number(
        "--smallest-margin", "M", "Leave out tracks with a smaller margin of the assignment (default: none)", 0, 0, 1e6) with
    { DefaultText = null };

    private static readonly VerbOption<string> _tracker = VerbOption.Text(
        "--tracks", "network|follower|truth", "Who finds the tracks; truth needs eventID, trackID and parentID", "network");

    /// <summary>"image".</summary>
    public static SystemVerb Image { get; } = new(
        "image",
        "A radiograph from hits: the water-equivalent path length of every pixel, and of a known phantom the stopping power of its parts",
        [.. CalorimeterOptions.Input, _phantom, _pixel, _model, _tracker, _margin, SharedOptions.Threads, SharedOptions.Out,
            SharedOptions.Summary, SharedOptions.Mpi],
        run =>
        {
            string folder = run.Folder;
            CalorimeterImageRequest request = new()
            {
                Input = CalorimeterOptions.InputOf(run) with { Model = run.Value(_model) },
                Phantom = run.Value(_phantom),
                Pixel = run.Value(_pixel),
                Tracker = run.Value(_tracker) switch
                {
                    "network" => ImageTracker.Network,
                    "follower" => ImageTracker.Follower,
                    "truth" => ImageTracker.Truth,
                    var other => throw new UsageException($"--tracks '{other}' is none of network, follower, truth"),
                },
                SmallestMargin = run.ValueIfGiven(_margin),
            };
            CalorimeterImage image = CalorimeterImaging.Run(request, run.Progress, run.Stop, run.Ranks);
            if (run.Ranks.IsFirst)
            {
                CalorimeterImageReport.Write(image, folder);
            }

            run.Summary.Sections["calorimeter"] = CalorimeterImageReport.Json(image);
            run.Output.Write(CalorimeterImageReport.PlainText(image));
            run.WriteSummary();
            return 0;
        })
    {
        Examples =
        [
            "sagitta image calorimeter --hits data/geant4-radiograph/aluminium_hits.csv.gz "
                + "--phantom data/geant4-radiograph/phantom.yaml --out image",
            "sagitta image calorimeter --hits hits.csv --frame-column frame --detector mine.yaml --pixel 3 --out image",
        ],
    };
}
