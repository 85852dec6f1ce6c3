namespace Sagitta.Experiments.Calorimeter.Verbs;

/// <summary>The verb that makes an image of hits.</summary>
internal static class CalorimeterImageVerb
{
    private static readonly VerbOption<string?> _phantom =
        VerbOption.Text("--phantom", "FILE", "Phantom (YAML) whose cylinders are measured in the image");

    private static readonly VerbOption<double> _pixel = VerbOption.Number("--pixel", "MM", "Size of a pixel", 2, 0.05, 1e3);
    private static readonly VerbOption<double> _margin = VerbOption.Number(
        "--smallest-margin", "M", "Leave out tracks with a smaller margin of the assignment (default: none)", 0, 0, 1e6) with
    { DefaultText = null };

    private static readonly VerbOption<double> _chi2 = VerbOption.Number("--largest-chi2", "C",
        "Leave out tracks whose deposits fit one proton worse: chi-square for each hit", new ProtonSelection().LargestChi2, 0, 1e9);

    private static readonly VerbOption<string> _tracker = VerbOption.Text(
        "--tracks", "network|follower|truth", "Who finds the tracks; truth needs eventID, trackID and parentID", "network");

    private static readonly VerbOption<string> _path = VerbOption.Text("--path", "straight|most-likely",
        "How protons are followed back into the object: by their line behind it, or between it and the beam's spot", "straight");

    /// <summary>"image".</summary>
    public static SystemVerb Image { get; } = new(
        "image",
        "A radiograph from hits: the water-equivalent path length of every pixel, and of a known phantom the stopping power of its parts",
        [.. CalorimeterOptions.Input, _phantom, _pixel, CalorimeterOptions.Model, CalorimeterOptions.Price, _tracker, _margin, _chi2, _path,
            SharedOptions.Threads, SharedOptions.Out, SharedOptions.Summary, SharedOptions.Mpi],
        run =>
        {
            string folder = run.Folder;
            CalorimeterReconstructionRequest input = CalorimeterOptions.InputOf(run);
            if (run.Value(_tracker) != "network")
            {
                run.RefuseIdle($"no network joins hits with --tracks {run.Value(_tracker)}", CalorimeterOptions.Price, _margin);
            }

            CalorimeterImageRequest request = new()
            {
                Pixel = run.Value(_pixel),
                Tracker = run.Value(_tracker) switch
                {
                    "network" => ImageTracker.Network,
                    "follower" => ImageTracker.Follower,
                    "truth" => ImageTracker.Truth,
                    var other => throw new UsageException($"--tracks '{other}' is none of network, follower, truth"),
                },
                SmallestMargin = run.ValueIfGiven(_margin),
                Selection = new() { LargestChi2 = run.Value(_chi2) },
                Path = run.Value(_path) switch
                {
                    "straight" => ImagePath.Straight,
                    "most-likely" => ImagePath.MostLikely,
                    var other => throw new UsageException($"--path '{other}' is none of straight, most-likely"),
                },
            };
            Phantom? phantom = run.Value(_phantom) is { } file ? Phantom.Load(file) : null;
            using CalorimeterModel model = CalorimeterReconstructor.Read(
                run.Value(CalorimeterOptions.Model), input.Detector, input.UnassignedPrice);
            using WorkerThreads threads = new(run.Threads);
            CalorimeterImage image = ImageScan.Read(input, model.Geometry, phantom, request.Tracker == ImageTracker.Truth,
                run.Progress.Note)
                .Make(model, request, threads, run.Progress, run.Stop, run.Ranks);
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
            "sagitta image calorimeter --hits hits.csv --frame-column frame --detector mine.yaml --pixel 3 --out image-coarse",
            "sagitta image calorimeter --hits data/geant4-radiograph/aluminium_hits.csv.gz --path most-likely --out image-likely",
        ],
    };
}
