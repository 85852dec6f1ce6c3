namespace Sagitta.Tests.Experiments.Muon;

/// <summary>A muon experiment that takes seconds.</summary>
internal static class SmallMuonRun
{
    public static MuonExperiment Experiment { get; } = new()
    {
        Detector = "toy16",
        Seed = 3,
        Graph = new() { PlaneReach = 2, CrossStationStride = 2 },
        Network = new() { Layers = 2, Heads = 2, HeadWidth = 4 },
        Measurement = new(),
        Data = new() { Training = 96, Validation = 40, Test = 40, TrainingBackgrounds = [2], WithoutMuon = 30, Spectrum = 40 },
        Training = new() { Epochs = 2, BatchSize = 24, ChunkSize = 5 },
        Loss = new() { WarmUpStart = 0.1, WarmUpLength = 0.1 },
    };

    public static Detector Detector { get; } = DetectorFile.Load(Experiment.Detector);

    public static EventSet Training { get; } = Simulate();

    private static EventSet Simulate()
    {
        using WorkerThreads threads = new(1);
        return MuonSamples.Training(Experiment, Detector, threads);
    }
}
