using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Calorimeter;

/// <summary>Stages of a frame of 100 protons behind 200 mm of water on one thread: graph, fused network forward, and forward with
/// backward.</summary>
[MemoryDiagnoser]
public class LineGraphBenchmarks : IDisposable
{
    private readonly SegmentInput _input = new();
    private readonly SegmentNetwork _network = new(new());
    private readonly Tape<float> _inference = new(recording: false);
    private readonly Tape<float> _training = new();
    private readonly ParameterVector<float> _parameters;
    private readonly ParameterVector<float> _gradient;
    private readonly SegmentMoments _moments;
    private readonly CalorimeterFrame _frame;

    public LineGraphBenchmarks()
    {
        CalorimeterEvents events = HitPreparation.Events(CalorimeterDepositReader.Read(CalorimeterSource.File(new(), 200, "test")));
        _frame = events.Frames(100, 1)[0];
        _parameters = new(_network.Layout);
        _gradient = new(_network.Layout);
        _parameters.Initialise(RandomKey.FromSeed(0));
        _moments = _network.CreateMoments();
        _input.Set(_frame, new(), withMoments: true);
    }

    [Benchmark]
    public void Graph() => _input.Set(_frame, new(), withMoments: false);

    [Benchmark]
    public void GraphWithMoments() => _input.Set(_frame, new(), withMoments: true);

    [Benchmark]
    public int Forward()
    {
        _inference.Reset();
        _inference.Bind(_parameters);
        return _network.Forward(_inference, _input).Rows;
    }

    [Benchmark]
    public void ForwardAndBackward()
    {
        _training.Reset();
        _training.Bind(_parameters, _gradient);
        _training.Backward(Sum<float>.Apply(_network.Forward(_training, _input, _moments)));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _inference.Dispose();
        _training.Dispose();
        _parameters.Dispose();
        _gradient.Dispose();
        GC.SuppressFinalize(this);
    }
}
