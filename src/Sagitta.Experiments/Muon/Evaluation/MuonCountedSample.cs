using System.Globalization;
using Sagitta.Autodiff.Parallelism;
using Sagitta.Autodiff.Randomness;
using Sagitta.Experiments.Muon.Comparison;
using Sagitta.Physics.Deposits;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Digitisation;
using Sagitta.Physics.Events;

namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>Events in which muons found are counted: too many to be in memory at once, and those of no other sample.</summary>
/// <param name="Name">Name in tables: that of the test sample whose muons or recipe these are.</param>
/// <param name="Background">Flux in kHz/cm2.</param>
/// <param name="Muons">Muons that are independent of one another.</param>
/// <param name="Overlays">Times that each is seen, in other background.</param>
/// <param name="Recipe">All that the events depend on.</param>
/// <param name="Load">Makes events first .. first + count - 1 of one overlay.</param>
public sealed record MuonCountedSample(
    string Name,
    double Background,
    int Muons,
    int Overlays,
    string Recipe,
    Func<int, int, int, WorkerThreads, EventSet> Load)
{
    /// <summary>Attempted events.</summary>
    public int Events => Muons * Overlays;

    /// <summary>What the options ask for: at each flux simulated events, then Geant4 muons.</summary>
    public static IReadOnlyList<MuonCountedSample> Of(MuonReproductionOptions options, Detector detector)
    {
        (MuonGeant4Sample Sample, Lazy<DepositSet> Deposits)[] geant4 =
            [.. options.Geant4.Where(s => s.Backgrounds is null).Select(s => (s, new Lazy<DepositSet>(() => Geant4Deposits.Read(detector, s.Hits, s.Truth, s.FirstEvent))))];
        List<MuonCountedSample> samples = [];
        foreach (MuonFluxEvents flux in options.Experiment.Data.Efficiency)
        {
            if (flux.Events > 0)
            {
                samples.Add(Simulated(flux, detector));
            }

            if (flux.Overlays > 0)
            {
                samples.AddRange(geant4.Select(g => Geant4(g.Sample, g.Deposits.Value, flux, detector, options.Geant4Seed)));
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

    private static MuonCountedSample Geant4(MuonGeant4Sample sample, DepositSet deposits, MuonFluxEvents flux, Detector detector, ulong seed)
    {
        DigitisationOptions digitisation = new() { Background = new() { KHzPerCm2 = [flux.Background] } };
        RandomKey overlays = RandomKey.FromSeed(seed).Split("efficiency");
        FileInfo hits = new(sample.Hits);
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{sample.Name}-{flux.Background:0.##}"),
            flux.Background,
            deposits.Count,
            flux.Overlays,
            string.Create(CultureInfo.InvariantCulture, $"geant4 {hits.Name} {hits.Length} from {sample.FirstEvent}, {flux.Background:R}, seed {seed}, {flux.Overlays} overlays"),
            (overlay, first, count, threads) => DepositDigitisation.Digitise(
                detector, deposits, digitisation, overlays.Split((ulong)overlay).State, workers: threads, part: first..(first + count)));
    }
}
