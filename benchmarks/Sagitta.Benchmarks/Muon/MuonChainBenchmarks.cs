using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Muon;

/// <summary>The muon chain with the quick configuration: a training step of 64 events, one event's graph, one event's track.</summary>
[MemoryDiagnoser]
public class MuonChainBenchmarks : IDisposable
{
    private readonly HitGraph _graph = new();
    private WorkerThreads _threads = null!;
    private MuonChain _chain = null!;
    private EventSet _events = null!;
    private MuonTrainer _trainer = null!;
    private ParameterVector<float> _parameters = null!;
    private readonly MuonMemory _memory = new();
    private MuonModel _model = null!;
    private TrackTable _tracks = null!;
    private int _next;

    [Params(1, 2)]
    public int Threads { get; set; }

    [Params(true, false)]
    public bool EndToEnd { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        MuonExperiment quick = ConfigurationFile.Load<MuonExperiment>(
            ShippedFile.Find("experiments/muon-quick.yaml"), ["data.training=1024"]);
        MuonExperiment experiment = quick with
        {
            Loss = quick.Loss with { EndToEnd = EndToEnd, WarmUpStart = 0, WarmUpLength = 0 },
            Training = quick.Training with { Epochs = 1_000_000 },
        };
        Detector detector = DetectorFile.Load(experiment.Detector);
        _threads = new(Threads);
        _chain = new(experiment, detector);
        _events = MuonSamples.Training(experiment, detector, _threads);
        _trainer = new(experiment, _chain, _events, _threads);
        _parameters = new(_chain.Scorer.Layout);
        _parameters.Initialise(RandomKey.FromSeed(1));
        _model = new(MuonMethod.EndToEnd, experiment, _parameters, new MuonReading.Soft(experiment.Loss.Sharpness));
        _tracks = new(_events.Count);
    }

    [Benchmark]
    public double TrainingStep() => _trainer.Advance().Fit;

    [Benchmark]
    public void GraphOfOneEvent() => _chain.Graphs.Build(_events.Hits, [Next()], _graph);

    [Benchmark]
    public void TrackOfOneEvent() => _chain.Reconstruct(_model, [_events.Hits], Next(), 1, _memory, _tracks);

    [GlobalCleanup]
    public void Dispose()
    {
        _trainer.Dispose();
        _memory.Dispose();
        _parameters.Dispose();
        _threads.Dispose();
        GC.SuppressFinalize(this);
    }

    private int Next() => _next = (_next + 1) % _events.Count;
}
