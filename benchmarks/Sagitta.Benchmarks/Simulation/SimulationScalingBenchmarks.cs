using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Simulation;

/// <summary>Simulation with background at 5 kHz/cm2 of 512 events on one core, by the number of planes: two stations of half of them
/// each.</summary>
public class SimulationScalingBenchmarks
{
    private const int Events = 512;
    private readonly RandomKey _root = RandomKey.FromSeed(1);
    private EventSetBuilder _events = null!;
    private SimulationChunk _chunk = null!;

    [Params(8, 16, 32)]
    public int Planes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        Detector toy16 = DetectorFile.Load("toy16");
        int half = Planes / 2;
        Detector detector = toy16 with
        {
            Planes = [.. Enumerable.Range(0, Planes).Select(
                i => toy16.Planes[0] with { Z = (i < half ? 2000 : 4800) + (40 * (i % half)), Station = i / half })],
        };
        _events = new(Planes, 2);
        _chunk = new(detector, new());
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int Simulate()
    {
        _chunk.Generate(_root, 0, Events, _events);
        return _events.HitCount;
    }
}
