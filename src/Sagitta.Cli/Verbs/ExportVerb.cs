using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta export".</summary>
internal static class ExportVerb
{
    private static readonly Option<string?> _model = new(
        "--model")
    { HelpName = "FILE", Description = "Model (default: the shipped end-to-end one)" };

    /// <summary>The command.</summary>
    public static Command Create() => new("export", "Models, graphs and events for other tools (docs/formats.md)") { Model(), Graphs(),
        Events() };

    private static VerbCommand Model()
    {
        Argument<string> file = new("file") { Description = "File to write: .onnx for the network, .npz for its weights" };
        VerbCommand verb = new(
            "model",
            "A muon model's network as ONNX, or its weights as NPZ",
            "sagitta export model network.onnx",
            "sagitta export model weights.npz --model run/model.safetensors")
        {
            file, _model,
        };
        verb.SetRun(run =>
        {
            run.Output.WriteLine(MuonExportCommands.ExportModel(run.Value(_model), run.Value(file)!));
            return 0;
        });
        return verb;
    }

    private static VerbCommand Graphs()
    {
        Argument<string> file = new("file") { Description = "File to write: .npz" };
        VerbCommand verb = new(
            "graphs",
            "The graphs of muon events as the network takes them: what to feed an exported model",
            "sagitta export graphs graphs.npz --events events.npz",
            "sagitta export graphs graphs.npz --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --background 5")
        {
            file, _model, MuonInputOptions.Events, EventOptions.Deposits, EventOptions.Truth, EventOptions.Background, EventOptions.Smear,
                SharedOptions.Seed,
        };
        verb.SetRun(run =>
        {
            run.Output.WriteLine(MuonExportCommands.ExportGraphs(run.Value(_model), MuonInputOptions.Of(run), run.Value(file)!));
            return 0;
        });
        return verb;
    }

    private static VerbCommand Events()
    {
        Argument<string> file = new("file") { Description = "File to write: .npz, or .csv for a pair of tables" };
        VerbCommand verb = new(
            "events",
            "Muon events from an event file or from Geant4 deposits, as NPZ or CSV",
            "sagitta export events events.csv --events events.npz",
            "sagitta export events events.npz --deposits fixed10_hits.csv.gz --truth fixed10_truth.csv.gz --background 5")
        {
            file, EventOptions.Detector, MuonInputOptions.Events, EventOptions.Deposits, EventOptions.Truth, EventOptions.Background,
                EventOptions.Smear, SharedOptions.Seed,
        };
        verb.SetRun(run =>
        {
            run.Output.WriteLine(MuonExportCommands.ExportEvents(
                run.Value(EventOptions.Detector)!, MuonInputOptions.Of(run), run.Value(file)!));
            return 0;
        });
        return verb;
    }
}
