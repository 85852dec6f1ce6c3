using System.Text;

namespace Sagitta.Experiments.Benchmarks;

/// <summary>
/// Measures the engine's kernels, in float and on one core, against the peaks of the machine. Shapes are those of the two applications:
/// 512 rows stay in the second-level cache; 158,000 rows, the edges of a calorimeter's line graph, stream from memory.
/// </summary>
internal static unsafe class KernelRoofline
{
    private const int CachedRows = 512;
    private const int StreamedRows = 158_000;
    private const int GraphNodes = 7_000;

    /// <summary>Edges of the graph that <see cref="Attention"/> measures.</summary>
    public const int AttentionEdges = 2_380;

    /// <summary>[512 x 64][64 x 64], the figure "matmul.gflops" of the benchmark report.</summary>
    public static KernelMeasurement SquareProduct(MachinePeaks peaks) => Products(peaks, CachedRows, 64, 64)[0];

    /// <summary>All kernels, in about a minute.</summary>
    public static IReadOnlyList<KernelMeasurement> Measure(MachinePeaks peaks)
    {
        List<KernelMeasurement> rows = [];
        foreach (int count in (int[])[CachedRows, StreamedRows])
        {
            foreach ((int inputs, int outputs) in ((int, int)[])[(16, 16), (32, 32), (48, 48), (64, 64), (144, 16)])
            {
                rows.AddRange(Products(peaks, count, inputs, outputs));
            }
        }

        rows.AddRange(Attention(peaks));
        rows.AddRange(RowWise(peaks));
        rows.AddRange(Segmented(peaks));
        return rows;
    }

    /// <summary>A Markdown table.</summary>
    public static string Table(IReadOnlyList<KernelMeasurement> rows)
    {
        StringBuilder text = new();
        text.AppendLine("| kernel | MFLOP | MB | least us | fastest us | median us | GFLOP/s | ratio |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (KernelMeasurement row in rows)
        {
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.Operations / 1e6:F2} | {row.Bytes / 1e6:F1} | {row.LeastSeconds * 1e6:F1} | "
                    + $"{row.Time.Fastest * 1e6:F1} | {row.Time.Median * 1e6:F1} | {row.Gigaflops:F1} | {row.Ratio:P0} |"));
        }

        return text.ToString();
    }

    private static KernelMeasurement[] Products(MachinePeaks peaks, int rows, int inputs, int outputs)
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

    /// <summary>
    /// Forward and backward pass of attention on the graph of one muon event of the reference network: 170 hits, 14 edges into each, 4 edge
    /// features, 4 heads of 8.
    /// </summary>
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

            // Forward, a column: 2 a feature, 2 sums, 2 of the rectifier, 2 of the score, 2 of the aggregation; a head: about 20 of the
            // exponential. Backward: the same scores again, 2 and 2 for the weights' gradient and the source's share of it, 2 a feature, 9
            // sums and products.
            double forward = (double)edges * ((Columns * ((2 * Features) + 8)) + (Heads * 20));
            double backward = (double)edges * Columns * ((4 * Features) + 17);
            return
            [
                Held(peaks, "attention forward, 2380 edges, 4 heads of 8", forward, 0, () =>
                    GraphAttentionKernel.Forward(problem, y, s, bits)),
                Held(peaks, "attention backward, 2380 edges, 4 heads of 8", backward, 0, () =>
                    GraphAttentionKernel.Backward(problem, y, s, bits, dy, gradient, d, free)),
            ];
        }
    }

    private static KernelMeasurement[] RowWise(MachinePeaks peaks)
    {
        const int Columns = 16;
        const int Length = StreamedRows * Columns;
        using AlignedBuffer<float> x = Random(Length, 1);
        using AlignedBuffer<float> y = Random(Length, 2);
        using AlignedBuffer<float> dx = Random(Length, 3);
        using AlignedBuffer<float> gain = Random(Columns, 4);
        using AlignedBuffer<float> parameterGradients = new(2 * Columns);
        using AlignedBuffer<float> moments = new(2 * StreamedRows);
        using AlignedBuffer<double> sums = new(2 * Columns);
        float* px = x.Pointer;
        float* py = y.Pointer;
        float* pdx = dx.Pointer;
        float* pg = gain.Pointer;
        float* pd = parameterGradients.Pointer;
        float* pm = moments.Pointer;
        double* ps = sums.Pointer;
        double pass = 4.0 * Length;
        return
        [
            Held(peaks, "cross-entropy of 158000 logits", 45.0 * StreamedRows, 12.0 * StreamedRows, () =>
                VectorDispatch.Run<CrossEntropySum<float>, float>(new(StreamedRows, px, py, pdx, ps))),
            Held(peaks, "leaky rectifier 158000 x 16", 2.0 * Length, 2 * pass, () =>
                Elementwise.Map(px, py, Length, new LeakyRectifier<float>(0.01f))),
            Held(peaks, "x sigmoid(x) 158000 x 16", 22.0 * Length, 2 * pass, () =>
                Elementwise.Map(px, py, Length, default(LogisticLinear<float>))),
            Held(peaks, "layer normalisation 158000 x 16", 8.0 * Length, 2 * pass, () =>
                VectorDispatch.Run<RowNormalisation<float>, float>(new(StreamedRows, Columns, px, pg, pg, 1e-5f, py, pm))),
            Held(peaks, "layer normalisation backward 158000 x 16", 18.0 * Length, 4 * pass, () =>
                VectorDispatch.Run<RowNormalisationGradient<float>, float>(
                new(StreamedRows, Columns, px, pg, pm, py, pdx, pd, pd + Columns))),
            Held(peaks, "batch normalisation, sums 158000 x 16", Length, pass, () =>
                VectorDispatch.Run<ColumnSums<float>, float>(new(StreamedRows, Columns, px, ps))),
            Held(peaks, "batch normalisation, apply 158000 x 16", 4.0 * Length, 2 * pass, () =>
                VectorDispatch.Run<ColumnNormalisation<float>, float>(new(StreamedRows, Columns, px, pg, pg, pg, pg, py))),
            Held(peaks, "batch normalisation backward, sums 158000 x 16", 5.0 * Length, 2 * pass, () =>
                VectorDispatch.Run<ColumnNormalisationSums<float>, float>(new(StreamedRows, Columns, px, pg, pg, py, ps, ps + Columns))),
            Held(peaks, "batch normalisation backward, input 158000 x 16", 8.0 * Length, 4 * pass, () =>
                VectorDispatch.Run<ColumnNormalisationGradient<float>, float>(new(StreamedRows, Columns, px, pg, pg, pg, pg, pg, py, pdx))),
        ];
    }

    private static KernelMeasurement[] Segmented(MachinePeaks peaks)
    {
        const int Columns = 16;
        Adjacency graph = Neighbours(GraphNodes, StreamedRows / GraphNodes);
        int edges = graph.Edges;
        double edgeBytes = 4.0 * edges * Columns;
        double nodeBytes = 4.0 * GraphNodes * Columns;
        double sums = (double)edges * Columns;
        using AlignedBuffer<float> x = Random(edges * Columns, 1);
        using AlignedBuffer<float> dx = Random(edges * Columns, 2);
        using AlignedBuffer<float> y = Random(GraphNodes * Columns, 3);
        using AlignedBuffer<float> dy = Random(GraphNodes * Columns, 4);
        fixed (int* incoming = graph.Incoming)
        fixed (int* sources = graph.Sources)
        fixed (int* outgoing = graph.Outgoing)
        fixed (int* outgoingEdges = graph.OutgoingEdges)
        {
            int* into = incoming;
            int* from = sources;
            int* away = outgoing;
            int* order = outgoingEdges;
            float* px = x.Pointer;
            float* pdx = dx.Pointer;
            float* py = y.Pointer;
            float* pdy = dy.Pointer;
            return
            [
                Held(peaks, "segment sum 154000 x 16 -> 7000", sums, edgeBytes + nodeBytes, () =>
                    VectorDispatch.Run<OrderedRowSum<float>, float>(new(GraphNodes, Columns, into, null, px, py))),
                Held(peaks, "segment maximum 154000 x 16 -> 7000", sums, edgeBytes + nodeBytes, () =>
                    VectorDispatch.Run<SegmentLargest<float>, float>(new(GraphNodes, Columns, into, px, py))),
                Held(peaks, "segment maximum backward", 2 * sums, (3 * edgeBytes) + (2 * nodeBytes), () =>
                    VectorDispatch.Run<SegmentLargestGradient<float>, float>(new(GraphNodes, Columns, into, px, py, pdy, pdx))),
                Held(peaks, "gather by source 7000 -> 154000 x 16", 0, edgeBytes + nodeBytes, () =>
                    VectorDispatch.Run<RowGather<float>, float>(new(edges, Columns, from, py, Columns, px, Columns))),
                Held(peaks, "gather backward (by outgoing edges)", sums, edgeBytes + (2 * nodeBytes), () =>
                    VectorDispatch.Run<OrderedRowSum<float>, float>(new(GraphNodes, Columns, away, order, px, py))),
            ];
        }
    }

    private static KernelMeasurement Held(MachinePeaks peaks, string name, double operations, double bytes, Action action) =>
        new(name, operations, bytes, Timing.Of(action), peaks.LeastSeconds(operations, bytes));

    private static Adjacency Neighbours(int nodes, int degree)
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

    private static AlignedBuffer<float> Random(int length, ulong seed)
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
