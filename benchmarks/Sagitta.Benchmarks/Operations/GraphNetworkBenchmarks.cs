using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Operations;

/// <summary>
/// The reference network (3 attention layers, 4 heads of 8, 4 edge features) on graphs of 170 hits and 2,380 edges an event: inference,
/// and a training step up to the gradients. Times are of the whole batch, on one thread.
/// </summary>
[MemoryDiagnoser]
public class GraphNetworkBenchmarks
{
    private const int Hits = 170;
    private const int Degree = 14;
    private readonly Adjacency _edges = new();
    private readonly GraphAttentionLayer[] _layers = new GraphAttentionLayer[3];
    private readonly Tape<float> _inference = new(recording: false);
    private readonly Tape<float> _training = new();
    private Perceptron _input = null!;
    private Perceptron _output = null!;
    private ParameterVector<float> _parameters = null!;
    private ParameterVector<float> _gradients = null!;
    private float[] _hits = [];
    private float[] _edgeFeatures = [];
    private float[] _labels = [];
    private float[] _weights = [];

    [Params(1, 8)]
    public int Events { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ParameterLayout layout = new();
        _input = new(layout, "input", [6, 32], new Activation.Elu());
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i] = new(layout, $"layers.{i}", 32, new GraphAttentionOptions());
        }

        _output = new(layout, "output", [32, 32, 1], new Activation.Elu());
        _parameters = new(layout);
        _gradients = new(layout);
        _parameters.Initialise(RandomKey.FromSeed(1));
        int nodes = Hits * Events;
        int[] sources = new int[nodes * Degree];
        int[] targets = new int[nodes * Degree];
        RandomDraws draws = RandomKey.FromSeed(2).Draws();
        for (int i = 0; i < sources.Length; i++)
        {
            targets[i] = i / Degree;
            int first = targets[i] / Hits * Hits;
            sources[i] = Math.Clamp(targets[i] + draws.NextIndex(61) - 30, first, first + Hits - 1);
        }

        _edges.Set(nodes, sources, targets);
        _hits = Uniform(nodes * 6, ref draws);
        _edgeFeatures = Uniform(sources.Length * 4, ref draws);
        _labels = new float[nodes];
        _weights = new float[nodes];
        Array.Fill(_weights, 1f / nodes);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _inference.Dispose();
        _training.Dispose();
        _parameters.Dispose();
        _gradients.Dispose();
    }

    [Benchmark]
    public float Inference()
    {
        _inference.Reset();
        _inference.Bind(_parameters);
        return Forward(_inference).Values[0];
    }

    [Benchmark]
    public float Training()
    {
        _training.Reset();
        _training.Bind(_parameters, _gradients);
        int nodes = _edges.Nodes;
        Tensor<float> logits = Forward(_training);
        Tensor<float> loss = BinaryCrossEntropy<float>.Apply(
            logits, _training.Constant(_labels, nodes, 1), _training.Constant(_weights, nodes, 1));
        _training.Backward(loss);
        return loss.Values[0];
    }

    private Tensor<float> Forward(Tape<float> tape)
    {
        Tensor<float> edgeFeatures = tape.Constant(_edgeFeatures, _edges.Edges, 4);
        Tensor<float> x = _input.Forward(tape, tape.Constant(_hits, _edges.Nodes, 6));
        foreach (GraphAttentionLayer layer in _layers)
        {
            x = layer.Forward(tape, x, edgeFeatures, _edges);
        }

        return _output.Forward(tape, x);
    }

    private static float[] Uniform(int length, ref RandomDraws draws)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)draws.NextUniform(-1, 1);
        }

        return values;
    }
}
