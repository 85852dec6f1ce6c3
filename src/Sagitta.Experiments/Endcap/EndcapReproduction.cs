namespace Sagitta.Experiments.Endcap;

/// <summary>
/// The comparison: all methods are trained and measured on the same events. The short forms train on the committed slice of Geant4 muons,
/// digitised several times with other background, and measure on another slice; the full form trains on simulated events, for several
/// seeds, and measures at several fluxes. Tracks, a display and a report are written.
/// </summary>
internal static class EndcapReproduction
{
    private const double Background = 5;
    private const double LocalWeight = 2;
    private const int Overlays = 2, QuickEpochs = 2, FullSeeds = 5, FullEvents = 6000;
    private static readonly double[] _fullFluxes = [0, 5, 20, 40];

    /// <summary>Runs it into the folder of the run; returns the tables.</summary>
    /// <param name="run">Options, folder and progress.</param>
    /// <param name="experiment">The end-to-end method; the others differ in their losses alone.</param>
    /// <param name="deposits">Geant4 deposits to measure on; null for the shipped slice.</param>
    /// <param name="truth">Their muons.</param>
    /// <param name="full">Whether to run the full form.</param>
    /// <param name="seedCount">Consecutive seeds; null for the form's own number.</param>
    /// <param name="fluxes">Where to measure, kHz/cm2; empty for the form's own.</param>
    public static string Run(VerbRun run, EndcapExperiment experiment, string? deposits, string? truth, bool full, int? seedCount,
        double[] fluxes)
    {
        bool quick = run.Value(SharedOptions.Quick);
        experiment = quick && !run.Given(SharedOptions.Configuration)
            ? experiment with { Epochs = Math.Min(experiment.Epochs, QuickEpochs) }
            : experiment;
        EndcapDetector detector = EndcapDetector.Load(experiment.Detector);
        EndcapReconstruction chain = new(detector, experiment.Search);
        using WorkerThreads threads = new(run.Threads);
        EndcapEvents training = full
            ? new EndcapInput(experiment.Detector, null, null, null, Background, run.Seed).Simulated(0, FullEvents)
            : Overlaid(chain, experiment, run.Seed, quick ? Overlays : 4 * Overlays);
        EndcapExperiment[] methods = quick ? [experiment] : [.. Methods(experiment)];
        int seeds = seedCount ?? (full ? FullSeeds : 1);
        List<EndcapNetwork> models = [];
        try
        {
            for (int seed = 0; seed < seeds; seed++)
            {
                foreach (EndcapExperiment method in methods)
                {
                    models.Add(Trained(method with { Seed = experiment.Seed + (ulong)seed }, chain, training, run, threads));
                }
            }

            return Measured(run, experiment, chain, models, deposits, truth,
                fluxes.Length > 0 ? fluxes : full ? _fullFluxes : [Background], threads);
        }
        finally
        {
            models.DisposeAll();
        }
    }

    // The same network and training with less behind the scores.
    private static IEnumerable<EndcapExperiment> Methods(EndcapExperiment experiment)
    {
        EndcapLossOptions scores = experiment.Loss with { Fit = 0, Assignment = 0, Local = 0 };
        yield return experiment with { Loss = scores };
        yield return experiment with { Loss = scores with { Local = Math.Max(experiment.Loss.Local, LocalWeight) } };
        yield return experiment;
    }

    private static EndcapInput Slice(EndcapExperiment experiment, string name, double background, ulong seed) => new(experiment.Detector,
        null, ShippedFile.Find($"data/geant4-endcap/{name}_hits.csv.gz"), ShippedFile.Find($"data/geant4-endcap/{name}_truth.csv.gz"),
        background, seed);

    private static EndcapEvents Overlaid(EndcapReconstruction chain, EndcapExperiment experiment, ulong seed, int overlays)
    {
        EndcapInput reference = Slice(experiment, "ref300", Background, seed);
        EndcapDeposits deposits = EndcapDepositReader.Read(chain.Geometry, reference.Deposits!, reference.Truth!);
        return EndcapEvents.Joined([.. Enumerable.Range(0, overlays).Select(i =>
            reference.Digitised(chain.Geometry, deposits, seed + (ulong)i))]);
    }

    // A finished training goes on for no step, and one of other events is refused: a stopped run goes on with the next one.
    private static EndcapNetwork Trained(EndcapExperiment experiment, EndcapReconstruction chain, EndcapEvents training, VerbRun run,
        WorkerThreads threads)
    {
        using EndcapTrainer trainer = new(experiment, chain, training, threads, run.Ranks);
        string file = Path.Combine(run.Folder, string.Create(
            CultureInfo.InvariantCulture, $"{trainer.Model.Method}-{experiment.Seed}.safetensors"));
        EndcapNetwork model = trainer.Run(Path.ChangeExtension(file, null), run.Progress, run.Stop);
        if (run.Ranks.IsFirst)
        {
            model.Write(file);
        }

        return model;
    }

    private static string Measured(VerbRun run, EndcapExperiment experiment, EndcapReconstruction chain, List<EndcapNetwork> models,
        string? deposits, string? truth, double[] fluxes, WorkerThreads threads)
    {
        List<EndcapSampleResult> samples = [];
        List<Block> blocks = [];
        foreach (double flux in fluxes)
        {
            EndcapInput test = deposits is null ? Slice(experiment, "test150", flux, run.Seed)
                : new(experiment.Detector, null, deposits, truth, flux, run.Seed);
            EndcapEvents events = test.Read(out _);
            string name = fluxes.Length == 1 ? test.Name : string.Create(CultureInfo.InvariantCulture, $"{test.Name}-{flux}");
            using IStageProgress stage = EndcapCommands.BeginMeasuring(run.Progress, name, models.Count);
            samples.Add(new(name, events, EndcapCommands.Measure(chain, events, models, threads, run.Ranks, stage, run.Stop)));
            blocks.Add(EndcapTable.ReportTable(samples[^1]));
        }

        run.Summary.Sections["endcap"] = EndcapTable.Json(samples);
        if (run.Ranks.IsFirst)
        {
            WriteFiles(run, chain, samples, models[^1], blocks, fluxes, threads);
        }

        return string.Join("\n", samples.Select(EndcapTable.PlainText));
    }

    private static void WriteFiles(VerbRun run, EndcapReconstruction chain, List<EndcapSampleResult> samples, EndcapNetwork model,
        List<Block> blocks, double[] fluxes, WorkerThreads threads)
    {
        EndcapEvents shown = samples[0].Events;
        IReadOnlyList<EndcapTrack>[] tracks = EndcapReconstructor.Reconstruct(chain, shown, model, threads, run.Stop);
        EndcapTrackFile.WriteAll(Path.Combine(run.Folder, "tracks.csv"), Stream.Null, shown, tracks);
        int picture = Math.Max(Array.FindIndex(tracks, own => own.Count(t => t.Fit.IsConverged) > 1), 0);
        blocks.InsertRange(0, [EndcapTable.Judged(samples), new Heading("Methods")]);
        blocks.AddRange([new Heading("An event"), EndcapPicture.Of(chain, shown, picture, tracks[picture])]);
        ReportWriter.WriteFile(Path.Combine(run.Folder, "report.html"), new("Several muons in an endcap", blocks)
        {
            Subtitle = $"Detector {model.Experiment.Detector}; Geant4 hits that training never saw",
            Abstract = "Up to four muons cross the planes of an endcap at once and leave strips among a background of others. A neural "
                + "network scores the strips and their pairs, clusters of strips are shared out among tracks, and a fit in the magnetic "
                + "field gives each track its momentum. This page asks whether more muons are found when the network learns through the "
                + "sharing and the fit (end-to-end) than when it learns to sort strips alone (factorised) or without any training.",
            Lead = EndcapTable.Found(samples[^1]),
            Terms =
            [
                ("truth", "the strips that are the muons' own, fitted: what the detector allows."),
                ("classical", "a combinatorial Kalman filter, a search without any training."),
                ("factorised", "the network learns which strips and pairs are a muon's, and knows nothing of the fit."),
                ("local", "the network learns from the distance to the true track in each plane too, and knows nothing of the fit."),
                ("end-to-end", "the network learns from the tracks and momenta that come out, through the fit."),
                ("efficiency", "the share of muons that have a track."),
                ("fakes", "the share of tracks that are no muon's; clones are second tracks of one muon."),
                ("core", "half of the span that holds the middle 68 % of the errors of q/p, in units of what the detector allows."),
                ("pull", "the same in units of the error that the fit states; 1 is right."),
                ("close pairs", "two muons that fly nearly side by side; the mass is that of the particle they come from."),
                ("trigger", "the choice, in time, of events that are worth keeping: here those with two muons."),
                ("stereo", "planes whose strips lie askew, which tell where along the strips of the others a muon passed."),
            ],
            IsQuick = run.Value(SharedOptions.Quick),
            Facts = [("Command", run.CommandLine), ("Data", $"{NumberText.Of(shown.Count)} events"),
                ("Background", string.Join(", ", fluxes.Select(flux => NumberText.Of(flux))) + " kHz/cm2")],
        });
    }
}

/// <summary>All methods on one sample; a method that was trained with several seeds has a row for each.</summary>
/// <param name="Name">Name of the sample.</param>
/// <param name="Events">Its events.</param>
/// <param name="Metrics">What was measured.</param>
internal sealed record EndcapSampleResult(string Name, EndcapEvents Events, IReadOnlyList<EndcapMetrics> Metrics)
{
    /// <summary>The rows of each method.</summary>
    public IReadOnlyList<EndcapMetrics[]> Methods =>
        [.. Metrics.GroupBy(m => m.Method, StringComparer.Ordinal).Select(group => group.ToArray())];
}
