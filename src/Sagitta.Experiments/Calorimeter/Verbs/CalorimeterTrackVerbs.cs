namespace Sagitta.Experiments.Calorimeter.Verbs;

/// <summary>Verbs that use a segment network on hits: reconstruct, display, export graphs, export events; and inspect for
/// calorimeters.</summary>
internal static class CalorimeterTrackVerbs
{
    private static readonly VerbOption<string> _tracks =
        VerbOption.Output("tracks", "Track file to write: .csv, .csv.gz, .npz, .parquet, .arrow or .h5; - for CSV on standard output");

    private static readonly VerbOption<string> _page = VerbOption.Output(
        "page", "HTML page to write; it needs no other file. Or .json for phoenix-event-display");
    private static readonly VerbOption<string> _graphs = VerbOption.Output(
        "file", "File to write: .npz, .h5, or another table for a pair, of nodes and edges");
    private static readonly VerbOption<string> _events = VerbOption.Output(
        "file", "File to write: .csv, .csv.gz, .npz, .parquet, .arrow or .h5");
    private static readonly VerbOption<double> _beam =
        VerbOption.Number("--beam-energy", "MEV", "Kinetic energy of the beam (default: the detector's)", 0, 1,
            1e6) with
        { DefaultText = null };

    private static readonly VerbOption<long> _frame = VerbOption.Whole(
        "--frame", "N", "Number of the frame (default: the first)", 0, long.MinValue, long.MaxValue);
    private static readonly VerbOption<int> _frames = VerbOption.Whole(
        "--frames", "N", "How many frames, from the first (or --frame) on", 1, 1, int.MaxValue);

    private static readonly VerbOption[] _input = [.. CalorimeterOptions.Input, CalorimeterOptions.Model];

    /// <summary>The verbs.</summary>
    public static IReadOnlyList<SystemVerb> All { get; } =
    [
        new(
            "reconstruct",
            "Find the tracks of every frame: frame,track,status,hits,hit_ids,layers,range,range_error,energy,energy_error,wepl,"
                + "wepl_error,margin,chi2",
            [_tracks, .. _input, CalorimeterOptions.Price, _beam, SharedOptions.Threads, .. SharedOptions.Sharding],
            run =>
            {
                TableFile.CheckOutput(run.Value(_tracks));
                CalorimeterReconstructionRequest request = Request(run);
                run.Progress.Note(CalorimeterCommands.Reconstruct(
                    request, run.PartsOf(run.Value(_tracks), request.Hits), run.OutputStream, run.Progress, run.Stop));
                return 0;
            })
        {
            Examples =
            [
                "sagitta reconstruct calorimeter tracks.csv --hits data/geant4-dtc/water200_test_hits.csv.gz --protons-per-frame 100",
                "sagitta reconstruct calorimeter tracks.parquet --hits hits.csv --frame-column frame --detector mine.yaml",
            ],
        },
        new(
            "display",
            "Frames from above and from the side, to be paged through: hits, assigned tracks, and, where the truth is known, what is wrong",
            [_page, _frame, _frames, .. _input, CalorimeterOptions.Price],
            run => run.Tell(CalorimeterExportCommands.Display(
                Request(run), run.ValueIfGiven(_frame), run.Value(_frames), run.Value(_page), run.Progress.Note)))
        {
            Examples =
            [
                "sagitta display calorimeter frame.html --hits hits.csv --protons-per-frame 50 --frame 3",
                "sagitta display calorimeter frames.html --hits hits.csv --protons-per-frame 50 --frames 10",
            ],
        },
        new(
            "export graphs",
            "The graphs of frames as the network takes them: what to feed an exported model",
            [_graphs, _frames, .. _input],
            run => run.Tell(CalorimeterExportCommands.ExportGraphs(
                Request(run), run.Value(_frames), run.Value(_graphs), run.Progress.Note)))
        {
            Examples = ["sagitta export graphs calorimeter graphs.npz --hits hits.csv --protons-per-frame 20"],
        },
        new(
            "export events",
            "The hits of all frames as the chain takes them: merged, small clusters dropped",
            [_events, .. _input],
            run => run.Tell(CalorimeterExportCommands.ExportEvents(Request(run), run.Value(_events), run.Progress.Note)))
        {
            Examples = ["sagitta export events calorimeter prepared.parquet --hits hits.csv --protons-per-frame 100"],
        },
        new(
            "inspect",
            "Layers, materials and depths of a tracking calorimeter",
            [SharedOptions.Inspected],
            run => run.Tell(string.Join(Environment.NewLine, CalorimeterInspection.Describe(run.Value(SharedOptions.Inspected)))))
        {
            Examples = ["sagitta inspect calorimeter digital-tracking-calorimeter"],
        },
    ];

    private static CalorimeterReconstructionRequest Request(VerbRun run) =>
        CalorimeterOptions.InputOf(run) with { Model = run.Value(CalorimeterOptions.Model), BeamEnergy = run.ValueIfGiven(_beam) };
}
