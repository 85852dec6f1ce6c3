namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>Which muons the methods found at one flux, in a number of events that decides differences of a ten-thousandth. Found means a
/// fit that converged within 5 limits, as everywhere.</summary>
/// <param name="Name">Name in tables: that of the test sample whose muons or recipe these are.</param>
/// <param name="Methods">One a method and seed.</param>
internal sealed record MuonEfficiency(string Name, IReadOnlyList<MuonEfficiency.Found> Methods)
{
    /// <summary>Times that each muon was seen, in other background: events of one muon lie <see cref="Attempted"/> / Overlays
    /// apart.</summary>
    public int Overlays { get; init; } = 1;

    /// <summary>Attempted events, all with a muon.</summary>
    public int Attempted => Methods[0].Flags.Length;

    public IReadOnlyList<Found> Of(MuonMethod method) => [.. Methods.Where(m => m.Method == method).OrderBy(m => m.Seed)];

    /// <summary>First minus second in efficiency, over seeds on the same events; a method without seeds is the same for each seed of the
    /// other. The interval is that of independent muons, of which each is one observation however often it was seen.</summary>
    public PairedDifference Difference(MuonMethod first, MuonMethod second) =>
        PairedDifference.OfShares([.. MuonDifferences.Pairs(Of(first), Of(second), m => m.Seed).Select(p => (p.A.Flags, p.B.Flags))],
            Overlays);

    /// <summary>What one method found, for each event 1 where it found the muon, else 0; seed 0 for methods without a network.</summary>
    public sealed record Found(MuonMethod Method, ulong Seed, byte[] Flags)
    {
        /// <summary>Share of the muons found.</summary>
        public double Share => Flags.Average(f => (double)f);
    }
}

/// <summary>Counts the muons found among many, block after block, so that only one block's hits are in memory. Methods: truth, classical,
/// and end-to-end with track search. An answer is kept as a file, and read where its recipe and models are the same.</summary>
internal sealed class MuonEfficiencyRun(MuonChain chain, IReadOnlyList<MuonModel> models, string folder)
{
    private const int BlockSize = 2500;

    public MuonEfficiency Run(MuonCountedSample sample, WorkerThreads threads, IRunProgress progress, CancellationToken stop)
    {
        MuonModel[] networks = [.. models.Where(m => m.Method == MuonMethod.EndToEnd)];
        IEnumerable<MuonModel> used = MuonModel.WithStage(models) is { } shared ? [.. networks, shared] : networks;
        string key = $"{sample.Recipe}; {string.Join(' ', used.Select(MuonModelFile.Fingerprint))}";
        string path = Path.Combine(folder, sample.Name + ".npz");
        MuonEfficiency.Found[] methods =
        [
            new(MuonMethod.Truth, 0, new byte[sample.Events]),
            new(MuonMethod.Classical, 0, new byte[sample.Events]),
            .. networks.Select(m => new MuonEfficiency.Found(
                MuonMethod.EndToEnd with { Cleaning = HitCleaning.TrackSearch }, m.Experiment.Seed, new byte[sample.Events])),
        ];
        using IStageProgress stage = progress.Begin("count muons found in " + sample.Name, sample.Events, "events");
        if (TryRead(path, key, methods))
        {
            stage.Advance(sample.Events);
        }
        else
        {
            for (int overlay = 0; overlay < sample.Overlays; overlay++)
            {
                for (int first = 0; first < sample.Muons; first += BlockSize)
                {
                    stop.ThrowIfCancellationRequested();
                    int count = Math.Min(BlockSize, sample.Muons - first);
                    Count(sample.Load(overlay, first, count, threads), (overlay * sample.Muons) + first, networks, methods, threads);
                    stage.Advance(count);
                }
            }

            Write(path, key, methods);
        }

        return new(sample.Name, methods) { Overlays = sample.Overlays };
    }

    private void Count(EventSet events, int first, MuonModel[] networks, MuonEfficiency.Found[] methods, WorkerThreads threads)
    {
        MuonEvaluation evaluation = new(chain, threads) { Measurement = MuonModel.WithStage(models)?.Measurement };
        Mark(methods[0], evaluation.Truth(events).Tracks);
        Mark(methods[1], evaluation.Classical(events).Tracks);
        IReadOnlyList<TrackTable> found = chain.Search(networks, events.Hits, threads);
        for (int i = 0; i < networks.Length; i++)
        {
            Mark(methods[2 + i], found[i]);
        }

        void Mark(MuonEfficiency.Found method, TrackTable tracks)
        {
            TrackOutcome[] outcomes = tracks.Outcomes(events);
            for (int e = 0; e < outcomes.Length; e++)
            {
                method.Flags[first + e] = Math.Abs(outcomes[e].Residual) < ResolutionSummary.EfficientLimits * chain.Limit.Relative(
                    outcomes[e].TruePt) ? (byte)1 : (byte)0;
            }
        }
    }

    private static bool TryRead(string path, string key, MuonEfficiency.Found[] methods)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using NpzReader reader = new(path);
        if (reader.ReadText("key") != key)
        {
            return false;
        }

        for (int i = 0; i < methods.Length; i++)
        {
            reader.Read<byte>(Entry(i), methods[i].Flags.Length).CopyTo(methods[i].Flags, 0);
        }

        return true;
    }

    private static void Write(string path, string key, MuonEfficiency.Found[] methods)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using NpzWriter writer = new(path, deflate: true);
        writer.AddText("key", key);
        for (int i = 0; i < methods.Length; i++)
        {
            writer.Add<byte>(Entry(i), methods[i].Flags);
        }

        writer.Commit();
    }

    private static string Entry(int method) => string.Create(CultureInfo.InvariantCulture, $"found_{method}");
}

/// <summary>Events in which muons found are counted: too many to be in memory at once, and those of no other sample.</summary>
/// <param name="Name">Name in tables: that of the test sample whose muons or recipe these are.</param>
/// <param name="Background">Flux in kHz/cm2.</param>
/// <param name="Muons">Muons that are independent of one another.</param>
/// <param name="Overlays">Times that each is seen, in other background.</param>
/// <param name="Recipe">All that the events depend on.</param>
/// <param name="Load">Makes events first .. first + count - 1 of one overlay.</param>
internal sealed record MuonCountedSample(
    string Name,
    double Background,
    int Muons,
    int Overlays,
    string Recipe,
    Func<int, int, int, WorkerThreads, EventSet> Load)
{
    public int Events => Muons * Overlays;

    /// <summary>What the experiment asks for: at each flux simulated events, then the Geant4 muons of the scan.</summary>
    public static IReadOnlyList<MuonCountedSample> Of(
        MuonExperiment experiment, IReadOnlyList<MuonGeant4Deposits> geant4, Detector detector)
    {
        List<MuonCountedSample> samples = [];
        foreach (MuonFluxEvents flux in experiment.Data.Efficiency)
        {
            if (flux.Events > 0)
            {
                samples.Add(Simulated(flux, detector));
            }

            if (flux.Overlays > 0)
            {
                samples.AddRange(geant4.Where(g => g.Sample.Backgrounds is null).Select(g => Geant4(flux, g)));
            }
        }

        return samples;
    }

    private static MuonCountedSample Simulated(MuonFluxEvents flux, Detector detector) => new(
        string.Create(CultureInfo.InvariantCulture, $"simulation-{flux.Background:0.##}"),
        flux.Background,
        flux.Events,
        1,
        string.Create(CultureInfo.InvariantCulture, $"simulation {detector.Name} {flux.Background:R} {flux.Events}"),
        (_, first, count, threads) => MuonSamples.Efficiency(detector, flux.Background, first, count, threads));

    private static MuonCountedSample Geant4(MuonFluxEvents flux, MuonGeant4Deposits deposits) => new(
        deposits.Name(flux.Background),
        flux.Background,
        deposits.Count,
        flux.Overlays,
        string.Create(CultureInfo.InvariantCulture, $"{deposits.Recipe(flux.Background)}, {flux.Overlays} overlays"),
        (overlay, first, count, threads) => deposits.Overlay(flux.Background, overlay, first..(first + count), threads));
}
