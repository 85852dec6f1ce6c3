namespace Sagitta.Experiments.Endcap;

/// <summary>
/// The comparison: all methods are trained and measured on the same events. The short forms train on the committed slice of Geant4 muons,
/// digitised several times with other background, and measure on another slice; the full form trains on simulated events, for several
/// seeds, and measures at several fluxes. Tracks, a display and a report are written.
/// </summary>
internal static class EndcapReproduction
{
    private const double Background = 5;
    private const double LocalWeight = 0.02;
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

    // A model that stands in the folder already, of the same experiment, is not trained again: a stopped run goes on with the next one.
    private static EndcapNetwork Trained(EndcapExperiment experiment, EndcapReconstruction chain, EndcapEvents training, VerbRun run,
        WorkerThreads threads)
    {
        EndcapNetwork blank = new(experiment);
        string file = Path.Combine(run.Folder, string.Create(
            CultureInfo.InvariantCulture, $"{blank.Method}-{experiment.Seed}.safetensors"));
        blank.Dispose();
        if (run.Ranks.OfFirst(File.Exists(file)))
        {
            EndcapNetwork known = EndcapNetwork.Read(file);
            if (ConfigurationFile.Write(known.Experiment) == ConfigurationFile.Write(experiment))
            {
                return known;
            }

            known.Dispose();
        }

        using EndcapTrainer trainer = new(experiment, chain, training, threads, run.Ranks);
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
        List<Block> blocks = [new Heading("Methods")];
        foreach (double flux in fluxes)
        {
            EndcapInput test = deposits is null ? Slice(experiment, "test150", flux, run.Seed)
                : new(experiment.Detector, null, deposits, truth, flux, run.Seed);
            EndcapEvents events = test.Read(out _);
            string name = fluxes.Length == 1 ? test.Name : string.Create(CultureInfo.InvariantCulture, $"{test.Name}-{flux}");
            samples.Add(new(name, events, EndcapCommands.Measure(chain, events, models, threads, run.Stop, run.Ranks)));
            blocks.Add(EndcapTable.ReportTable(samples[^1]));
        }

        run.Summary.Sections["endcap"] = EndcapTable.Json(samples);
        if (run.Ranks.IsFirst)
        {
            WriteFiles(run, chain, samples[0].Events, models[^1], blocks, fluxes, threads);
        }

        return string.Join("\n", samples.Select(EndcapTable.PlainText));
    }

    private static void WriteFiles(VerbRun run, EndcapReconstruction chain, EndcapEvents shown, EndcapNetwork model, List<Block> blocks,
        double[] fluxes, WorkerThreads threads)
    {
        IReadOnlyList<EndcapTrack>[] tracks = EndcapReconstructor.Reconstruct(chain, shown, model, threads, run.Stop);
        EndcapTrackFile.WriteAll(Path.Combine(run.Folder, "tracks.csv"), Stream.Null, shown, tracks);
        int picture = Math.Max(Array.FindIndex(tracks, own => own.Count(t => t.Fit.IsConverged) > 1), 0);
        blocks.AddRange([new Heading("An event"), EndcapPicture.Of(chain, shown, picture, tracks[picture])]);
        ReportWriter.WriteFile(Path.Combine(run.Folder, "report.html"), new("Several muons in an endcap", blocks)
        {
            Facts = [("command", run.CommandLine), ("test events", NumberText.Of(shown.Count)),
                ("background", string.Join(", ", fluxes.Select(flux => NumberText.Of(flux))) + " kHz/cm2")],
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
