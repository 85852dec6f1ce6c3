using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Classical;

/// <summary>The segments of both stations, and the whole classical method, an event on one core, by background.</summary>
[MemoryDiagnoser]
public class SegmentFinderBenchmarks : IDisposable
{
    private const int Events = 512;
    private readonly Detector _detector = DetectorFile.Load("toy16");
    private readonly List<StripCluster>[] _clusters = new List<StripCluster>[Events];
    private readonly double[][] _weights = new double[Events][];
    private SegmentFinder[] _finders = null!;
    private ClassicalMethod _method = null!;
    private EventSet _events = null!;

    [Params(0, 5, 20)]
    public double KHzPerCm2 { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _finders = [.. Enumerable.Range(0, _detector.StationCount).Select(station => new SegmentFinder(_detector, station, new()))];
        _method = new(_detector);
        _events = MuonSimulation.Generate(_detector, new() { Digitisation = new() { Background = new() { KHzPerCm2 = [KHzPerCm2] } } },
            seed: 1, first: 0, count: Events);
        for (int e = 0; e < _events.Count; e++)
        {
            _clusters[e] = Clusters(e);
            _weights[e] = new double[_events.HitOffsets[e + 1] - _events.HitOffsets[e]];
        }
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int Find()
    {
        int segments = 0;
        for (int e = 0; e < _events.Count; e++)
        {
            foreach (SegmentFinder finder in _finders)
            {
                segments += finder.Find(_clusters[e]).Count;
            }
        }

        return segments;
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int Select()
    {
        int found = 0;
        for (int e = 0; e < _events.Count; e++)
        {
            found += _method.Select(_events.Hits, e, _weights[e]) ? 1 : 0;
        }

        return found;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _method.Dispose();
        GC.SuppressFinalize(this);
    }

    // Neighbouring strips; a cluster's middle will do for its centre.
    private List<StripCluster> Clusters(int index)
    {
        List<StripCluster> clusters = [];
        int end = _events.HitOffsets[index + 1];
        for (int hit = _events.HitOffsets[index]; hit < end;)
        {
            int first = hit;
            int plane = _events.HitPlane[hit];
            double reach = 2.5 * _detector.Planes[plane].StripPitch;
            for (hit++; hit < end && _events.HitPlane[hit] == plane && _events.HitY[hit] - _events.HitY[hit - 1] < reach; hit++)
            {
            }

            clusters.Add(new(first, hit, plane, (_events.HitY[first] + _events.HitY[hit - 1]) / 2, 0, 1));
        }

        return clusters;
    }
}
