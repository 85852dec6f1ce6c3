namespace Sagitta.Experiments.Muon;

/// <summary>
/// Simulated samples of a muon experiment. Each purpose has a seed of its own, derived from its name: training events of one run can
/// never be validation or test events of any.
/// </summary>
internal static class MuonSamples
{
    /// <summary>Training events of an experiment; they change with its seed.</summary>
    public static EventSet Training(MuonExperiment experiment, Detector detector, WorkerThreads threads) =>
        MuonSimulation.Generate(
            detector,
            Options(experiment.Data.TrainingBackgrounds) with { Vertex = new() { Momentum = experiment.Data.TrainingMomentum } },
            SeedOf("training", experiment.Seed),
            0,
            experiment.Data.Training,
            threads);

    /// <summary>Validation events: the same for all seeds.</summary>
    public static EventSet Validation(MuonExperiment experiment, Detector detector, WorkerThreads threads) =>
        Simulate(detector, [experiment.Data.ValidationBackground], SeedOf("validation", 0), experiment.Data.Validation, threads);

    /// <summary>Test events at one flux: the same for all seeds, so that methods and seeds are compared on the same events.</summary>
    public static EventSet Test(MuonExperiment experiment, Detector detector, double kiloHertzPerCm2, WorkerThreads threads) =>
        Simulate(detector, [kiloHertzPerCm2], SeedOf("test", 0), experiment.Data.Test, threads);

    /// <summary>A block of the events in which muons found are counted: numbers <paramref name="first"/> .. first + count - 1 at one
    /// flux.</summary>
    public static EventSet Efficiency(Detector detector, double kiloHertzPerCm2, int first, int count, WorkerThreads threads) =>
        MuonSimulation.Generate(detector, Options([kiloHertzPerCm2]), SeedOf("efficiency", 0), first, count, threads);

    /// <summary>Events without a muon at one flux.</summary>
    public static EventSet WithoutMuon(MuonExperiment experiment, Detector detector, double kiloHertzPerCm2, WorkerThreads threads) =>
        MuonSimulation.Generate(
        detector, Options([kiloHertzPerCm2]) with { Vertex = new() { WithoutMuon = 1 } }, SeedOf(
            "without-muon", 0), 0, experiment.Data.WithoutMuon, threads);

    /// <summary>Muons of the spectrum that <see cref="MuonRates"/> weighs, at one flux.</summary>
    public static EventSet Spectrum(MuonExperiment experiment, Detector detector, double kiloHertzPerCm2, WorkerThreads threads) =>
        MuonSimulation.Generate(
        detector,
        Options([kiloHertzPerCm2]) with
        {
            Vertex = new(
            )
            {
                Momentum = [new() { Low = MuonRates.SpectrumLow, High = MuonRates.SpectrumHigh,
            Exponent = MuonRates.Spectrum.SampledExponent }]
            }
        },
        SeedOf("spectrum", 0),
        0,
        experiment.Data.Spectrum,
        threads);

    /// <summary>One event of <see cref="Test"/> by its number.</summary>
    public static EventSet TestEvent(Detector detector, double kiloHertzPerCm2, long number) =>
        MuonSimulation.Generate(detector, Options([kiloHertzPerCm2]), SeedOf("test", 0), number, 1);

    private static EventSet Simulate(Detector detector, IReadOnlyList<double> fluxes, ulong seed, int count, WorkerThreads threads) =>
        MuonSimulation.Generate(detector, Options(fluxes), seed, 0, count, threads);

    private static SimulationOptions Options(IReadOnlyList<double> fluxes) =>
        new() { Digitisation = new() { Background = new() { KHzPerCm2 = fluxes } } };

    private static ulong SeedOf(string purpose, ulong seed) => RandomKey.FromSeed(seed).Split("muon-sample").Split(purpose).State;
}
