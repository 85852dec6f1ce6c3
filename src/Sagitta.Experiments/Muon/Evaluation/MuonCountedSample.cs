namespace Sagitta.Experiments.Muon.Evaluation;

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
    /// <summary>Attempted events.</summary>
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
