namespace Sagitta.Experiments.Endcap;

/// <summary>
/// The short way through everything: the committed slice of Geant4 muons is digitised several times with other background, a model is
/// trained on it, and all methods are measured on another slice; tracks, a display and a report are written.
/// </summary>
internal static class EndcapReproduction
{
    private const double Background = 5;
    private const int Overlays = 2, QuickEpochs = 2;

    /// <summary>Runs it into the folder of the run; returns the table.</summary>
    public static string Run(VerbRun run, EndcapExperiment experiment)
    {
        string folder = run.Folder;
        bool quick = run.Value(SharedOptions.Quick);
        experiment = quick && !run.Given(SharedOptions.Configuration)
            ? experiment with { Epochs = Math.Min(experiment.Epochs, QuickEpochs) }
            : experiment;
        EndcapDetector detector = EndcapDetector.Load(experiment.Detector);
        EndcapReconstruction chain = new(detector, experiment.Search);
        EndcapInput Slice(string name, ulong seed) =>
            new(experiment.Detector, null, ShippedFile.Find($"data/geant4-endcap/{name}_hits.csv.gz"),
            ShippedFile.Find($"data/geant4-endcap/{name}_truth.csv.gz"), Background, seed);
        EndcapInput reference = Slice("ref300", run.Seed), test = Slice("test150", run.Seed);
        EndcapDeposits deposits = EndcapDepositReader.Read(chain.Geometry, reference.Deposits!, reference.Truth!);
        int overlays = quick ? Overlays : 4 * Overlays;
        EndcapEvents training = EndcapEvents.Joined([.. Enumerable.Range(0, overlays).Select(i =>
            reference.Digitised(chain.Geometry, deposits, run.Seed + (ulong)i))]);
        using WorkerThreads threads = new(run.Threads);
        using EndcapTrainer trainer = new(experiment, chain, training, threads);
        using EndcapNetwork model = trainer.Run(run.Progress, run.Stop);
        model.Write(Path.Combine(folder, "model.safetensors"));
        EndcapEvents events = test.Read(out _);
        IReadOnlyList<EndcapMetrics> metrics = EndcapCommands.Measure(chain, events, [model], threads, run.Stop);
        IReadOnlyList<EndcapTrack>[] tracks = EndcapReconstructor.Reconstruct(chain, events, model, threads, run.Stop);
        EndcapTrackFile.Write(Path.Combine(folder, "tracks.csv"), Stream.Null, tracks.SelectMany((own, e) =>
            own.Count > 0 ? own : [EndcapTracker.Failed(events.Number[e], SolveStatus.TooFewPlanes)]));
        int shown = Math.Max(Array.FindIndex(tracks, own => own.Count(t => t.Fit.IsConverged) > 1), 0);
        ReportWriter.WriteFile(Path.Combine(folder, "report.html"), new("Several muons in an endcap",
        [
            new Heading("Methods"),
            MetricTable.Block(EndcapTable.All, metrics, "All methods on the same events."),
            new Heading("An event"),
            EndcapPicture.Of(chain, events, shown, tracks[shown]),
        ])
        {
            Facts = [("command", run.CommandLine), ("training events", NumberText.Of(training.Count)),
                ("test events", NumberText.Of(events.Count)),
                ("background", NumberText.Of(Background) + " kHz/cm2")],
        });
        run.Summary.Sections["endcap"] = EndcapTable.Json(test.Name, metrics);
        return EndcapTable.PlainText(test.Name, events, metrics);
    }
}
