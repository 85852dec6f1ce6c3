namespace Sagitta.Experiments.Benchmarks;

/// <summary>Measures the engine's kernels, in float and on one core, against the peaks of the machine. Shapes are those of the two
/// applications: 512 rows stay in the second-level cache; 158,000 rows, the edges of a calorimeter's line graph, stream from
/// memory.</summary>
internal static unsafe class KernelBenchmark
{
    internal const int CachedRows = 512;
    internal const int StreamedRows = 158_000;

    /// <summary>Edges of the graph that <see cref="Attention"/> measures.</summary>
    public const int AttentionEdges = 2_380;

    public static IReadOnlyList<BenchmarkFigure> Figures(MachinePeaks peaks)
    {
        KernelMeasurement product = Products(peaks, CachedRows, 64, 64)[0];
        IReadOnlyList<KernelMeasurement> attention = Attention(peaks);
        const double PerEdge = 1e9 / AttentionEdges;
        return
        [
            new("matmul.gflops", product.Operations / product.Time.Median / 1e9, "GFLOP/s")
            {
                Best = product.Gigaflops,
                Bound = 0.75 * MachinePeaks.ReferenceGigaflops,
            },
            PerEdgeOf("attention.forward", attention[0]),
            PerEdgeOf("attention.backward", attention[1]),
            PerEdgeOf("attention.both", [.. attention]) with { Bound = 22, AtMost = true },
            new("peak.gflops", peaks.Gigaflops, "GFLOP/s"),
            new("peak.gigabytes", peaks.GigabytesPerSecond, "GB/s"),
        ];

        static BenchmarkFigure PerEdgeOf(string name, params KernelMeasurement[] passes) =>
            new(name, PerEdge * passes.Sum(p => p.Time.Median), "ns/edge") { Best = PerEdge * passes.Sum(p => p.Time.Fastest) };
    }

    internal static KernelMeasurement[] Products(MachinePeaks peaks, int rows, int inputs, int outputs)
    {
        using AlignedBuffer<float> x = Random(rows * inputs, 1);
        using AlignedBuffer<float> w = Random(inputs * outputs, 2);
        using AlignedBuffer<float> y = Random(rows * outputs, 3);
        using AlignedBuffer<float> dx = Random(rows * inputs, 4);
        using AlignedBuffer<float> dw = Random(inputs * outputs, 5);
        using AlignedBuffer<float> scratch = new(MatrixProduct.ScratchLength<float>(inputs, outputs));
        double operations = 2.0 * rows * inputs * outputs;
        double streamed = rows == StreamedRows ? 4.0 * rows : 0;
        string shape = $"{rows} x {inputs} -> {outputs}";
        float* px = x.Pointer;
        float* pw = w.Pointer;
        float* py = y.Pointer;
        float* pdx = dx.Pointer;
        float* pdw = dw.Pointer;
        float* ps = scratch.Pointer;
        return
        [
            Held(peaks, $"product {shape}", operations, streamed * (inputs + outputs), () =>
                MatrixProduct.Forward(rows, inputs, outputs, px, pw, null, py)),
            Held(peaks, $"product, gradient of input {shape}", operations, streamed * ((2 * inputs) + outputs), () =>
                MatrixProduct.InputGradient(rows, inputs, outputs, py, pw, pdx, ps)),
            Held(peaks, $"product, gradient of weight {shape}", operations, streamed * (inputs + outputs), () =>
                MatrixProduct.WeightGradient(rows, inputs, outputs, px, py, pdw)),
        ];
    }

    /// <summary>Forward and backward pass of attention on the graph of one muon event of the reference network: 170 hits, 14 edges into
    /// each, 4 edge features, 4 heads of 8.</summary>
    public static IReadOnlyList<KernelMeasurement> Attention(MachinePeaks peaks)
    {
        const int Nodes = 170;
        const int Degree = AttentionEdges / Nodes;
        const int Heads = 4;
        const int Columns = 32;
        const int Features = 4;
        Adjacency graph = Neighbours(Nodes, Degree);
        int edges = graph.Edges;
        using AlignedBuffer<float> left = Random(Nodes * Columns, 1);
        using AlignedBuffer<float> right = Random(Nodes * Columns, 2);
        using AlignedBuffer<float> features = Random(edges * Features, 3);
        using AlignedBuffer<float> weights = Random(Features * Columns, 4);
        using AlignedBuffer<float> attention = Random(Columns, 5);
        using AlignedBuffer<float> result = Random(Nodes * Columns, 6);
        using AlignedBuffer<float> shares = new((edges * Heads) + GraphAttentionKernel.WeightPadding);
        using AlignedBuffer<float> scores = new((edges * Heads) + GraphAttentionKernel.WeightPadding);
        using AlignedBuffer<float> upstream = Random(Nodes * Columns, 7);
        using AlignedBuffer<float> gradients = new((2 * Nodes * Columns) + (Features * Columns) + Columns);
        fixed (int* incoming = graph.Incoming)
        fixed (int* sources = graph.Sources)
        fixed (int* targets = graph.Targets)
        fixed (int* outgoing = graph.Outgoing)
        fixed (int* outgoingEdges = graph.OutgoingEdges)
        {
            GraphAttentionProblem<float> problem = new()
            {
                Nodes = Nodes,
                Edges = edges,
                Heads = Heads,
                Columns = Columns,
                EdgeColumns = Features,
                Slope = 0.2f,
                Incoming = incoming,
                Sources = sources,
                Targets = targets,
                Outgoing = outgoing,
                OutgoingEdges = outgoingEdges,
                Left = left.Pointer,
                Right = right.Pointer,
                EdgeFeatures = features.Pointer,
                EdgeWeights = weights.Pointer,
                Attention = attention.Pointer,
            };
            GraphAttentionGradients<float> gradient = new()
            {
                Left = gradients.Pointer,
                Right = gradients.Pointer + (Nodes * Columns),
                EdgeWeights = gradients.Pointer + (2 * Nodes * Columns),
                Attention = gradients.Pointer + (2 * Nodes * Columns) + (Features * Columns),
            };
            using AlignedBuffer<float> scratch = new(GraphAttentionKernel.ScratchLength(problem));
            using AlignedBuffer<uint> signs = new(GraphAttentionKernel.SignLength(problem));
            float* y = result.Pointer;
            float* s = shares.Pointer;
            float* d = scores.Pointer;
            float* dy = upstream.Pointer;
            float* free = scratch.Pointer;
            uint* bits = signs.Pointer;
            (double forward, double backward) = AttentionOperations(edges, Columns, Features, Heads);
            return
            [
                Held(peaks, "attention forward, 2380 edges, 4 heads of 8", forward, 0, () =>
                    GraphAttentionKernel.Forward(problem, y, s, bits)),
                Held(peaks, "attention backward, 2380 edges, 4 heads of 8", backward, 0, () =>
                    GraphAttentionKernel.Backward(problem, y, s, bits, dy, gradient, d, free)),
            ];
        }
    }

    /// <summary>Operations of a round of attention. Forward, a column: 2 a feature, 2 sums, 2 of the rectifier, 2 of the score, 2 of the
    /// aggregation; a head: about 20 of the exponential. Backward: the same scores again, 2 and 2 for the weights' gradient and the
    /// source's share of it, 2 a feature, 9 sums and products.</summary>
    internal static (double Forward, double Backward) AttentionOperations(double edges, int columns, double features, int heads) =>
        (edges * ((columns * ((2 * features) + 8)) + (heads * 20)), edges * columns * ((4 * features) + 17));

    internal static KernelMeasurement Held(MachinePeaks peaks, string name, double operations, double bytes, Action action) =>
        new(name, operations, bytes, Timing.Of(action), peaks.LeastSeconds(operations, bytes));

    internal static Adjacency Neighbours(int nodes, int degree)
    {
        RandomDraws draws = RandomKey.FromSeed(1).Draws();
        int[] sources = new int[nodes * degree];
        int[] targets = new int[nodes * degree];
        for (int i = 0; i < sources.Length; i++)
        {
            targets[i] = i / degree;
            sources[i] = Math.Clamp(targets[i] + draws.NextIndex(61) - 30, 0, nodes - 1);
        }

        Adjacency graph = new();
        graph.Set(nodes, sources, targets);
        return graph;
    }

    internal static AlignedBuffer<float> Random(int length, ulong seed)
    {
        AlignedBuffer<float> buffer = new(length);
        RandomDraws draws = RandomKey.FromSeed(seed).Draws();
        foreach (ref float value in buffer.Values)
        {
            value = (float)draws.NextUniform(-1, 1);
        }

        return buffer;
    }
}

/// <summary>One kernel on one core, held against what its operations (a multiply-add counts 2) and the bytes that it moves from and to
/// memory (0 where operands stay in cache) take at the measured peaks.</summary>
internal sealed record KernelMeasurement(string Name, double Operations, double Bytes, Timing Time, double LeastSeconds)
{
    /// <summary>1e9 operations a second, of the fastest sample.</summary>
    public double Gigaflops => Operations / Time.Fastest / 1e9;
    /// <summary>The share of the attainable speed that was reached, of the fastest sample.</summary>
    public double Ratio => LeastSeconds / Time.Fastest;
}
