namespace Sagitta.Experiments.Muon.Verbs;

/// <summary>Verbs that use a muon model on hits: reconstruct, display, export graphs.</summary>
internal static class MuonTrackVerbs
{
    private static readonly VerbOption<string> _tracks = VerbOption.Output(
        "tracks", "Track file to write: .csv, .csv.gz, .npz, .parquet, .arrow or .h5; - for CSV on standard output");

    private static readonly VerbOption<bool> _search = VerbOption.Flag(
        "--track-search",
        "Keep the hits of one track alone, which a search among the scored hits finds: three muons in a thousand more at 20 kHz/cm2, in "
            + "half as "
            + "much time again");

    private static readonly VerbOption<string> _page = VerbOption.Output(
        "page", "HTML page to write; it needs no other file. Or .json for phoenix-event-display");
    private static readonly VerbOption<string> _graphs = VerbOption.Output(
        "file", "File to write: .npz, .h5, or another table for a pair, of nodes and edges");
    private static readonly VerbOption<long> _event =
        VerbOption.Whole("--event", "N", "Number of the event (default: the first of the input)", 0L, long.MinValue, long.MaxValue);

    private static readonly VerbOption<string[]> _models = VerbOption.Texts(
        "--model", "FILE", "Model; repeated, each draws its track, the first gives scores and influence (default: the shipped ones)");

    /// <summary>The verbs.</summary>
    public static IReadOnlyList<SystemVerb> All { get; } =
    [
        new(
            "reconstruct",
            "Find the muon of every event: event,status,charge,pt,q_over_pt,q_over_pt_error,y0,slope,chi2,ndf,planes",
            [_tracks, MuonOptions.Model, _search, .. MuonOptions.Input, SharedOptions.Threads, .. SharedOptions.Sharding],
            run =>
            {
                TableFile.CheckOutput(run.Value(_tracks));
                run.Progress.Note(MuonCommands.Reconstruct(run.Value(MuonOptions.Model), MuonOptions.InputOf(run), run.Value(_search),
                    run.PartsOf(run.Value(_tracks), run.Value(MuonOptions.Events)), run.Threads, run.OutputStream, run.Progress, run.Stop));
                return 0;
            })
        {
            Examples =
            [
                "sagitta reconstruct muon tracks.csv --events events.npz",
                "sagitta reconstruct muon tracks.parquet --events hits.csv --columns 'y=y_cm*10,plane=chamber'",
                "sagitta reconstruct muon tracks.csv --events events.npz --track-search",
                "sagitta reconstruct muon - --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --background 5",
            ],
        },
        new(
            "display",
            "Hits by score, truth, weight and influence on the momentum; fitted and true track; residuals of the planes",
            [_page, _event, _models, .. MuonOptions.Input],
            run => run.Tell(MuonExportCommands.Display(
                run.Value(_models), MuonOptions.InputOf(run), run.ValueIfGiven(_event), run.Value(_page))))
        {
            Examples =
            [
                "sagitta display muon event.html --events events.npz --event 17",
                "sagitta display muon event.html --deposits data/geant4-toy16/slice_hits.csv.gz "
                    + "--truth data/geant4-toy16/slice_truth.csv.gz --event 10005 --background 20",
                "sagitta display muon event.html --events events.npz --model model.safetensors",
            ],
        },
        new(
            "export graphs",
            "The graphs of muon events as the network takes them: what to feed an exported model",
            [_graphs, MuonOptions.Model, .. MuonOptions.Input],
            run => run.Tell(MuonExportCommands.ExportGraphs(
                run.Value(MuonOptions.Model), MuonOptions.InputOf(run), run.Value(_graphs))))
        {
            Examples =
            [
                "sagitta export graphs graphs.npz --events events.npz",
                "sagitta export graphs graphs.npz --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --background 5",
            ],
            IsDefault = true,
        },
    ];
}
