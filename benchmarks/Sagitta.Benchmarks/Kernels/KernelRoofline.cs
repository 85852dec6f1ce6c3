using System.Text;

namespace Sagitta.Benchmarks.Kernels;

/// <summary>
/// Measures the engine's kernels, in float and on one core, against the peaks of the machine. Shapes are those of the two applications:
/// 512 rows stay in the second-level cache; 158,000 rows, the edges of a calorimeter's line graph, stream from memory.
/// </summary>
internal static unsafe class KernelRoofline
{
    private const int StreamedRows = KernelBenchmark.StreamedRows;
    private const int GraphNodes = 7_000;

    /// <summary>All kernels, in about a minute.</summary>
    public static IReadOnlyList<KernelMeasurement> Measure(MachinePeaks peaks)
    {
        List<KernelMeasurement> rows = [];
        foreach (int count in (int[])[KernelBenchmark.CachedRows, StreamedRows])
        {
            foreach ((int inputs, int outputs) in ((int, int)[])[(16, 16), (32, 32), (48, 48), (64, 64), (144, 16)])
            {
                rows.AddRange(KernelBenchmark.Products(peaks, count, inputs, outputs));
            }
        }

        rows.AddRange(KernelBenchmark.Attention(peaks));
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

    private static KernelMeasurement[] RowWise(MachinePeaks peaks)
    {
        const int Columns = 16;
        const int Length = StreamedRows * Columns;
        using AlignedBuffer<float> x = KernelBenchmark.Random(Length, 1);
        using AlignedBuffer<float> y = KernelBenchmark.Random(Length, 2);
        using AlignedBuffer<float> dx = KernelBenchmark.Random(Length, 3);
        using AlignedBuffer<float> gain = KernelBenchmark.Random(Columns, 4);
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
            KernelBenchmark.Held(peaks, "cross-entropy of 158000 logits", 45.0 * StreamedRows, 12.0 * StreamedRows, () =>
                VectorDispatch.Run<CrossEntropySum<float>, float>(new(StreamedRows, px, py, pdx, ps))),
            KernelBenchmark.Held(peaks, "leaky rectifier 158000 x 16", 2.0 * Length, 2 * pass, () =>
                Elementwise.Map(px, py, Length, new LeakyRectifier<float>(0.01f))),
            KernelBenchmark.Held(peaks, "layer normalisation 158000 x 16", 8.0 * Length, 2 * pass, () =>
                VectorDispatch.Run<RowNormalisation<float>, float>(new(StreamedRows, Columns, px, pg, pg, 1e-5f, py, pm))),
            KernelBenchmark.Held(peaks, "layer normalisation backward 158000 x 16", 18.0 * Length, 4 * pass, () =>
                VectorDispatch.Run<RowNormalisationGradient<float>, float>(
                new(StreamedRows, Columns, px, pg, pm, py, pdx, pd, pd + Columns))),
            KernelBenchmark.Held(peaks, "batch normalisation, sums 158000 x 16", Length, pass, () =>
                VectorDispatch.Run<ColumnSums<float>, float>(new(StreamedRows, Columns, px, ps))),
            KernelBenchmark.Held(peaks, "batch normalisation, apply 158000 x 16", 4.0 * Length, 2 * pass, () =>
                VectorDispatch.Run<ColumnNormalisation<float>, float>(new(StreamedRows, Columns, px, pg, pg, pg, pg, py))),
            KernelBenchmark.Held(peaks, "batch normalisation backward, sums 158000 x 16", 5.0 * Length, 2 * pass, () =>
                VectorDispatch.Run<ColumnNormalisationSums<float>, float>(new(StreamedRows, Columns, px, pg, pg, py, ps, ps + Columns))),
            KernelBenchmark.Held(peaks, "batch normalisation backward, input 158000 x 16", 8.0 * Length, 4 * pass, () =>
                VectorDispatch.Run<ColumnNormalisationGradient<float>, float>(new(StreamedRows, Columns, px, pg, pg, pg, pg, pg, py, pdx))),
        ];
    }

    private static KernelMeasurement[] Segmented(MachinePeaks peaks)
    {
        const int Columns = 16;
        Adjacency graph = KernelBenchmark.Neighbours(GraphNodes, StreamedRows / GraphNodes);
        int edges = graph.Edges;
        double edgeBytes = 4.0 * edges * Columns;
        double nodeBytes = 4.0 * GraphNodes * Columns;
        double sums = (double)edges * Columns;
        using AlignedBuffer<float> x = KernelBenchmark.Random(edges * Columns, 1);
        using AlignedBuffer<float> dx = KernelBenchmark.Random(edges * Columns, 2);
        using AlignedBuffer<float> y = KernelBenchmark.Random(GraphNodes * Columns, 3);
        using AlignedBuffer<float> dy = KernelBenchmark.Random(GraphNodes * Columns, 4);
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
                KernelBenchmark.Held(peaks, "segment sum 154000 x 16 -> 7000", sums, edgeBytes + nodeBytes, () =>
                    VectorDispatch.Run<OrderedRowSum<float>, float>(new(GraphNodes, Columns, into, null, px, py))),
                KernelBenchmark.Held(peaks, "segment maximum 154000 x 16 -> 7000", sums, edgeBytes + nodeBytes, () =>
                    VectorDispatch.Run<SegmentLargest<float>, float>(new(GraphNodes, Columns, into, px, py))),
                KernelBenchmark.Held(peaks, "segment maximum backward", 2 * sums, (3 * edgeBytes) + (2 * nodeBytes), () =>
                    VectorDispatch.Run<SegmentLargestGradient<float>, float>(new(GraphNodes, Columns, into, px, py, pdy, pdx))),
                KernelBenchmark.Held(peaks, "gather by source 7000 -> 154000 x 16", 0, edgeBytes + nodeBytes, () =>
                    VectorDispatch.Run<RowGather<float>, float>(new(edges, Columns, from, py, Columns, px, Columns))),
                KernelBenchmark.Held(peaks, "gather backward (by outgoing edges)", sums, edgeBytes + (2 * nodeBytes), () =>
                    VectorDispatch.Run<OrderedRowSum<float>, float>(new(GraphNodes, Columns, away, order, px, py))),
            ];
        }
    }
}
