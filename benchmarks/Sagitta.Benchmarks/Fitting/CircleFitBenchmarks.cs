using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Fitting;

/// <summary>The track fit of 512 events on one core.</summary>
[MemoryDiagnoser]
public class CircleFitBenchmarks : IDisposable
{
    private readonly FitBenchmark _benchmark = new(DetectorFile.Load("toy16"));

    [Benchmark(OperationsPerInvoke = 512)]
    public int Forward() => _benchmark.Forward();

    public void Dispose()
    {
        _benchmark.Dispose();
        GC.SuppressFinalize(this);
    }
}
