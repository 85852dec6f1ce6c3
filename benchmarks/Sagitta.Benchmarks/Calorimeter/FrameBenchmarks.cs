using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Calorimeter;

/// <summary>Two frames of 100 protons behind water on one thread: hits to tracks, hits to gradient.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks : IDisposable
{
    private CalorimeterBenchmark? _benchmark;

    [Params(100, 200)]
    public int Water { get; set; }

    [Params(false, true)]
    public bool ThroughAssignment { get; set; }

    [GlobalSetup]
    public void Setup() => _benchmark = new(1, 100, Water, new CalorimeterMethodOptions
    {
        Name = ThroughAssignment ? CalorimeterMethodKind.PredictAndTrack : CalorimeterMethodKind.PredictThenTrack,
        LargestChange = 0.5,
    });

    [Benchmark(OperationsPerInvoke = 2)]
    public void Train() => _benchmark!.TrainOnce();

    [Benchmark(OperationsPerInvoke = 2)]
    public void Reconstruct() => _benchmark!.ReconstructOnce();

    [GlobalCleanup]
    public void Dispose()
    {
        _benchmark?.Dispose();
        GC.SuppressFinalize(this);
    }
}
