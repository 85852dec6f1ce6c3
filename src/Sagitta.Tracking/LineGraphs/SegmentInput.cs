using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>A frame ready for the fused network: its segments and links, their features, where each link's angle lies in the table of
/// encodings, and the moments of the 144 inputs of the message perceptron over all directed links, which depend on the frame alone. Kept
/// from epoch to epoch in training, reused from frame to frame in reconstruction.</summary>
internal sealed class SegmentInput
{
    private double[] _weights = [];
    private int[] _node = [];
    private float[] _offset = [];
    private float[] _features = [];

    /// <summary>The frame that was taken last.</summary>
    public CalorimeterFrame Frame { get; private set; } = new(0, []);

    /// <summary>Segments and links.</summary>
    public SegmentGraph Graph { get; } = new();

    /// <summary>From where the network sees the places of hits, mm, see <see cref="GateOptions.OriginOf"/>.</summary>
    public (float X, float Y) Origin { get; private set; }

    /// <summary>Segments x 8, see <see cref="SegmentGraph.Features"/>.</summary>
    public ReadOnlySpan<float> Features => _features.AsSpan(0, Graph.Count * SegmentNetwork.Features);

    /// <summary>Mean of each of the 144 inputs; empty unless moments were asked for.</summary>
    public double[] InputMean { get; private set; } = [];

    /// <summary>Biased variance of each of the 144 inputs.</summary>
    public double[] InputVariance { get; private set; } = [];

    /// <summary>Nodes of the table up to the last that any link reaches, the second of each pair included; a multiple of 4.</summary>
    internal int NodesUsed { get; private set; }

    /// <summary>The table's part of the last network in use (<see cref="AngleRows{T}"/>).</summary>
    internal object? AngleRows { get; set; }

    /// <summary>Table node at or below each link's root angle.</summary>
    internal ReadOnlySpan<int> Node => _node.AsSpan(0, Graph.Links);

    /// <summary>Position of each link between its node (0) and the next (1).</summary>
    internal ReadOnlySpan<float> Offset => _offset.AsSpan(0, Graph.Links);

    /// <summary>Takes a frame.</summary>
    /// <param name="frame">The hits.</param>
    /// <param name="gates">Which pairs become segments.</param>
    /// <param name="withMoments">Whether training will need the moments of the inputs.</param>
    public void Set(CalorimeterFrame frame, GateOptions gates, bool withMoments)
    {
        Frame = frame;
        Graph.Build(frame, gates);
        if (_features.Length < Graph.Count * SegmentNetwork.Features)
        {
            _features = new float[Graph.Count * SegmentNetwork.Features * (withMoments ? 1 : 2)];
        }

        if (_node.Length < Graph.Links)
        {
            _node = new int[Graph.Links * (withMoments ? 1 : 2)];
            _offset = new float[_node.Length];
        }

        Origin = gates.OriginOf(frame);
        Graph.Features(frame, Origin, _features.AsSpan(0, Graph.Count * SegmentNetwork.Features));
        Place();
        if (withMoments)
        {
            FindMoments();
        }
    }

    private void Place()
    {
        ReadOnlySpan<float> roots = Graph.RootAngles;
        Vector512<int> lasts = Vector512<int>.Zero;
        int link = 0;
        for (; link + Vector512<float>.Count <= roots.Length; link += Vector512<float>.Count)
        {
            Vector512<float> position = Vector512.Create(roots.Slice(link, Vector512<float>.Count)) * AngleTable.NodesPerUnit;
            Vector512<int> node = Vector512.Min(Vector512.ConvertToInt32Native(position), Vector512.Create(AngleTable.Nodes - 2));
            node.CopyTo(_node, link);
            (position - Vector512.ConvertToSingle(node)).CopyTo(_offset, link);
            lasts = Vector512.Max(lasts, node);
        }

        int last = 0;
        for (int lane = 0; lane < Vector512<int>.Count; lane++)
        {
            last = Math.Max(last, lasts[lane]);
        }

        for (; link < roots.Length; link++)
        {
            float position = roots[link] * AngleTable.NodesPerUnit;
            int node = Math.Min((int)position, AngleTable.Nodes - 2);
            _node[link] = node;
            _offset[link] = position - node;
            last = Math.Max(last, node);
        }

        // Tables are computed four nodes at a time.
        NodesUsed = Math.Min((last + 5) & ~3, AngleTable.Nodes);
    }

    private void FindMoments()
    {
        InputMean = new double[(2 * SegmentNetwork.Features) + AngleEncoding.Width];
        InputVariance = new double[InputMean.Length];
        if (Graph.Links == 0)
        {
            return;
        }

        ReadOnlySpan<int> links = Graph.LinkOffsets;
        ReadOnlySpan<int> offsets = Graph.Offsets;
        ReadOnlySpan<int> incoming = Graph.IncomingOffsets;
        Span<double> sum = stackalloc double[SegmentNetwork.Features];
        for (int pass = 0; pass < 2; pass++)
        {
            sum.Clear();
            for (int e = 0; e < Graph.Count; e++)
            {
                int deeper = Graph.Deeper[e];
                double degree = links[e + 1] - links[e] + incoming[deeper + 1] - incoming[deeper];
                for (int c = 0; c < sum.Length; c++)
                {
                    double value = _features[(e * SegmentNetwork.Features) + c] - InputMean[c];
                    sum[c] += degree * (pass == 0 ? value : value * value);
                }
            }

            // Every link counts once in each direction, so both ends have the same moments.
            double[] target = pass == 0 ? InputMean : InputVariance;
            for (int c = 0; c < sum.Length; c++)
            {
                target[c] = sum[c] / (2.0 * Graph.Links);
                target[SegmentNetwork.Features + c] = target[c];
            }
        }

        FindEncodingMoments();
    }

    // Interpolation is linear in the table, so means over links are products of summed weights with the table; the same with the squares.
    private void FindEncodingMoments()
    {
        if (_weights.Length < 2 * NodesUsed)
        {
            _weights = new double[2 * AngleTable.Nodes];
        }

        Array.Clear(_weights);
        for (int link = 0; link < Graph.Links; link++)
        {
            double t = _offset[link];
            double rise = t * t * (3 - (2 * t));
            int row = 2 * _node[link];
            _weights[row] += 1 - rise;
            _weights[row + 1] += t * (1 - t) * (1 - t);
            _weights[row + 2] += rise;
            _weights[row + 3] += t * t * (t - 1);
        }

        double[] table = AngleTable<double>.Values;
        Span<double> mean = InputMean.AsSpan(2 * SegmentNetwork.Features);
        Span<double> square = InputVariance.AsSpan(2 * SegmentNetwork.Features);
        for (int node = 0; node < NodesUsed; node++)
        {
            double byValue = _weights[2 * node];
            double bySlope = _weights[(2 * node) + 1];
            if (byValue == 0 && bySlope == 0)
            {
                continue;
            }

            ReadOnlySpan<double> values = table.AsSpan(2 * node * AngleEncoding.Width, AngleEncoding.Width);
            ReadOnlySpan<double> slopes = table.AsSpan(((2 * node) + 1) * AngleEncoding.Width, AngleEncoding.Width);
            AddNode(values, slopes, byValue, bySlope, mean, square);
        }

        for (int c = 0; c < mean.Length; c++)
        {
            mean[c] /= Graph.Links;
            square[c] = Math.Max(0, (square[c] / Graph.Links) - (mean[c] * mean[c]));
        }
    }

    private static void AddNode(ReadOnlySpan<double> values, ReadOnlySpan<double> slopes, double byValue, double bySlope, Span<double> mean,
        Span<double> square)
    {
        Vector512<double> value = Vector512.Create(byValue);
        Vector512<double> slope = Vector512.Create(bySlope);
        Vector512<double> twice = Vector512.Create(2 * bySlope);
        for (int c = 0; c < mean.Length; c += Vector512<double>.Count)
        {
            Vector512<double> v = Vector512.Create(values.Slice(c, Vector512<double>.Count));
            Vector512<double> s = Vector512.Create(slopes.Slice(c, Vector512<double>.Count));
            Span<double> m = mean.Slice(c, Vector512<double>.Count);
            Span<double> q = square.Slice(c, Vector512<double>.Count);
            (Vector512.Create<double>(m) + (value * v) + (slope * s)).CopyTo(m);
            (Vector512.Create<double>(q) + (v * ((value * v) + (twice * s)))).CopyTo(q);
        }
    }
}
