using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Simulation;

/// <summary>Transport, digitiser and both of 512 events on one core, by background.</summary>
[MemoryDiagnoser]
public class MuonSimulationBenchmarks
{
    private const int Events = 512;
    private readonly Detector _detector = DetectorFile.Load("toy16");
    private readonly RandomKey _root = RandomKey.FromSeed(1);
    private readonly DepositSet _deposits = new(16);
    private EventSetBuilder _events = null!;
    private MuonTransport _transport = null!;
    private Digitiser _digitiser = null!;
    private SimulationChunk _chunk = null!;

    [Params(0, 5, 20)]
    public double KHzPerCm2 { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        DigitisationOptions options = new() { Background = new() { KHzPerCm2 = [KHzPerCm2] } };
        _events = new(_detector.Planes.Count, _detector.StationCount);
        _transport = new(_detector, new());
        _digitiser = new(_detector, options);
        _chunk = new(_detector, new() { Digitisation = options });
        Transport();
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int Transport()
    {
        _deposits.Clear();
        for (int e = 0; e < Events; e++)
        {
            _transport.Simulate(e, _root, _deposits);
        }

        return _deposits.Count;
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int Digitise()
    {
        _events.Clear();
        for (int e = 0; e < Events; e++)
        {
            _digitiser.Digitise(_deposits, e, _root, _events);
        }

        return _events.HitCount;
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int Simulate()
    {
        _chunk.Generate(_root, 0, Events, _events);
        return _events.HitCount;
    }
}
