namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>A test sample at a flux in kHz/cm2 before its events exist.</summary>
/// <param name="Name">Name in tables, files and summary.json.</param>
/// <param name="Background">Its flux.</param>
/// <param name="Events">About how many events it has, for estimates of time.</param>
/// <param name="Recipe">All that its events depend on: results of a sample with another recipe are not its own.</param>
/// <param name="Load">Makes the events; they depend neither on threads nor on who asks.</param>
/// <param name="LoadEvent">Makes the event of one number alone, the same as in the whole.</param>
internal sealed record MuonTestSample(
    string Name,
    double Background,
    int Events,
    string Recipe,
    Func<WorkerThreads, EventSet> Load,
    Func<long, EventSet> LoadEvent)
{
    /// <summary>Whether it is one of the samples of the scan over fluxes.</summary>
    public bool InScan { get; init; } = true;
}

/// <summary>The test samples of a reproduction: each flux on simulated and on Geant4 hits.</summary>
internal static class MuonTestSamples
{
    // Geant4 files are read when they are needed; what they hold is known only then.
    private const int UsualGeant4Events = 1000;

    /// <summary>All samples, by flux, simulated before Geant4, then those with fluxes of their own.</summary>
    public static IReadOnlyList<MuonTestSample> Of(MuonExperiment experiment, IReadOnlyList<MuonGeant4Deposits> geant4, Detector detector)
    {
        List<MuonTestSample> samples = [];
        foreach (double flux in experiment.Data.TestBackgrounds)
        {
            samples.Add(Simulated(experiment, detector, flux));
            samples.AddRange(geant4.Where(g => g.Sample.Backgrounds is null).Select(g => Geant4(g, flux)));
        }

        foreach (MuonGeant4Deposits deposits in geant4.Where(g => g.Sample.Backgrounds is not null))
        {
            samples.AddRange(deposits.Sample.Backgrounds!.Select(flux => Geant4(deposits, flux) with { InScan = false }));
        }

        return samples;
    }

    /// <summary>For each flux the events without a muon and the muons of a falling spectrum; none where the experiment asks for no such
    /// events.</summary>
    public static IReadOnlyList<(MuonTestSample WithoutMuon, MuonTestSample Spectrum)> ForRates(
        MuonExperiment experiment, Detector detector)
    {
        return experiment.Data.WithoutMuon == 0 || experiment.Data.Spectrum == 0
            ? []
            : [.. experiment.Data.TestBackgrounds.Select(flux => (
                Special("without-muon", experiment, flux, experiment.Data.WithoutMuon, threads =>
                    MuonSamples.WithoutMuon(experiment, detector, flux, threads)),
                Special("spectrum", experiment, flux, experiment.Data.Spectrum, threads =>
                    MuonSamples.Spectrum(experiment, detector, flux, threads))))];
    }

    private static MuonTestSample Special(string name, MuonExperiment experiment, double flux, int events,
        Func<WorkerThreads, EventSet> load) => new(
        string.Create(CultureInfo.InvariantCulture, $"{name}-{flux:0.##}"),
        flux,
        events,
        string.Create(CultureInfo.InvariantCulture, $"{name} {experiment.Detector} {flux:R} {events}"),
        load,
        number => throw new NotSupportedException($"Event {number} of '{name}' is not made alone: pictures are of other samples."));

    private static MuonTestSample Simulated(MuonExperiment experiment, Detector detector, double flux) => new(
        string.Create(CultureInfo.InvariantCulture, $"simulation-{flux:0.##}"),
        flux,
        experiment.Data.Test,
        string.Create(CultureInfo.InvariantCulture, $"simulation {experiment.Detector} {flux:R} {experiment.Data.Test}"),
        threads => MuonSamples.Test(experiment, detector, flux, threads),
        number => MuonSamples.TestEvent(detector, flux, number));

    private static MuonTestSample Geant4(MuonGeant4Deposits deposits, double flux) => new(
        deposits.Name(flux),
        flux,
        deposits.IsRead ? deposits.Count : UsualGeant4Events,
        deposits.Recipe(flux),
        threads => deposits.Events(flux, threads),
        number => deposits.Event(flux, number));
}
