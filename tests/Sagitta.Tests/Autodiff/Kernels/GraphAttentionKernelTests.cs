using System.Numerics;
using System.Runtime.Intrinsics;

namespace Sagitta.Tests.Autodiff.Kernels;

public sealed unsafe class GraphAttentionKernelTests
{
    [Theory]
    [InlineData(1, 32)]
    [InlineData(2, 32)]
    [InlineData(4, 32)]
    [InlineData(4, 64)]
    [InlineData(4, 96)]
    [InlineData(8, 32)]
    [InlineData(16, 32)]
    [InlineData(16, 64)]
    public void Vectors_agree_with_the_reference_in_single_precision(int heads, int columns) => Check<float>(heads, columns, 3e-4);

    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 16)]
    [InlineData(4, 32)]
    [InlineData(8, 48)]
    public void Vectors_agree_with_the_reference_in_double_precision(int heads, int columns) => Check<double>(heads, columns, 1e-12);

    [Theory]
    [InlineData(3, 33)]
    [InlineData(32, 32)]
    [InlineData(4, 12)]
    [InlineData(1, 1)]
    public void Shapes_that_no_vector_holds_take_the_reference(int heads, int columns)
    {
        GraphAttentionProblem<float> problem = new() { Nodes = 1, Edges = 1, Heads = heads, Columns = columns };
        Assert.Equal(0, GraphAttentionKernel.Lanes(problem));
        Assert.Equal(0, GraphAttentionKernel.SignLength(problem));

        // Through the front door; that the reference's gradients are right, GraphAttentionTests hold it to differences.
        Adjacency graph = Graphs.Random(12, 60, 4);
        using Numbers<float> left = new(12 * columns, 1);
        using Numbers<float> right = new(12 * columns, 2);
        using Numbers<float> features = new(60 * 2, 3);
        using Numbers<float> weights = new(2 * columns, 4);
        using Numbers<float> attention = new(columns, 5, scale: 0.3);
        using Tape<float> tape = new();
        Tensor<float> leaf = tape.Leaf(left.Values, 12, columns);
        Tensor<float> y = GraphAttention<float>.Apply(
            leaf,
            tape.Leaf(right.Values, 12, columns),
            tape.Leaf(features.Values, 60, 2),
            tape.Leaf(weights.Values, 2, columns),
            tape.Leaf(attention.Values, 1, columns),
            graph,
            heads);
        tape.Backward(Sum<float>.Apply(y));

        Assert.All(y.Values.ToArray(), v => Assert.True(float.IsFinite(v)));
        Assert.Contains(leaf.Gradient.ToArray(), v => v != 0);
    }

    [Fact]
    public void Large_scores_do_not_overflow()
    {
        using Tape<float> tape = new(recording: false);
        Adjacency edges = new();
        edges.Set(3, [0, 1], [2, 2]);
        float[] left = new float[3 * 32];
        Array.Fill(left, 1e4f, 0, 32);
        Array.Fill(left, 2e4f, 32, 32);
        float[] ones = Enumerable.Repeat(1f, 32).ToArray();
        Tensor<float> y = GraphAttention<float>.Apply(
            tape.Constant(left, 3, 32), tape.Constant(new float[96], 3, 32), tape.Constant([0, 0], 2, 1), tape.Constant(
                ones, 1, 32), tape.Constant(ones, 1, 32), edges, 4);
        Assert.All(y.Values[64..].ToArray(), v => Assert.Equal(2e4f, v));
    }

    [Fact]
    public void Features_that_are_not_zero_are_found()
    {
        using AlignedBuffer<float> features = new(3 * 8);
        features.Values[1] = -1;
        features.Values[7] = float.NaN;
        features.Values[16] = 1;
        features.Values[17] = -0.0f;
        using AlignedBuffer<byte> use = new(6);
        use.Values.Fill(255);

        GraphAttentionKernel.FindUse(new GraphAttentionProblem<float> { Edges = 3, EdgeColumns = 8, EdgeFeatures = features.Pointer },
            use.Pointer);

        Assert.Equal([0b1000_0010, 0, 1, 0, 0, 0], use.Values.ToArray());
        Assert.Equal(0b1000_0011u, GraphAttentionKernel.UsedFeatures(use.Pointer, 8, 0));
        Assert.Equal(0xFFu, GraphAttentionKernel.UsedFeatures(null, 8, 0));
        Assert.Equal(0b11u, GraphAttentionKernel.UsedFeatures(null, 34, 32));
    }

    private static void Check<T>(int heads, int columns, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int features in (int[])[0, 1, 4, 6, 8, 9])
        {
            foreach (Adjacency graph in (Adjacency[])[Graphs.Small(), Graphs.Random(40, 700, 3), Graphs.Random(1, 200, 4),
                Graphs.Random(2, 0, 5), Graphs.Random(0, 0, 6)])
            {
                Check<T>(graph, heads, columns, features, tolerance);
            }
        }
    }

    private static void Check<T>(Adjacency graph, int heads, int columns, int features, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int nodes = graph.Nodes;
        int edges = graph.Edges;
        using Numbers<T> left = new(nodes * columns, 1);
        using Numbers<T> right = new(nodes * columns, 2);
        using Numbers<T> edgeFeatures = new(edges * features, 3);

        // Runs of edges without a feature, of changing length.
        for (int i = 0; i < edges * features; i++)
        {
            edgeFeatures.Values[i] = ((i / features / 7) + (i % features)) % 3 == 0 ? T.Zero : edgeFeatures.Values[i];
        }

        using Numbers<T> edgeWeights = new(features * columns, 4);
        using Numbers<T> attention = new(columns, 5, scale: 0.3);
        using Numbers<T> result = new(nodes * columns, 6);
        using Numbers<T> weights = new((edges * heads) + GraphAttentionKernel.WeightPadding, 7);
        using Numbers<T> upstream = new(nodes * columns, 8);
        using Numbers<T> scores = new((edges * heads) + GraphAttentionKernel.WeightPadding, 9);
        using Numbers<T> dLeft = new(nodes * columns, 10);
        using Numbers<T> dRight = new(nodes * columns, 11);
        using Numbers<T> dFeatures = new(edges * features, 12);
        using Numbers<T> dEdgeWeights = new(features * columns, 13);
        using Numbers<T> dAttention = new(columns, 14);
        fixed (int* incoming = graph.Incoming)
        fixed (int* sources = graph.Sources)
        fixed (int* targets = graph.Targets)
        fixed (int* outgoing = graph.Outgoing)
        fixed (int* outgoingEdges = graph.OutgoingEdges)
        {
            GraphAttentionProblem<T> problem = new()
            {
                Nodes = nodes,
                Edges = edges,
                Heads = heads,
                Columns = columns,
                EdgeColumns = features,
                Slope = T.CreateTruncating(0.2),
                Incoming = incoming,
                Sources = sources,
                Targets = targets,
                Outgoing = outgoing,
                OutgoingEdges = outgoingEdges,
                Left = left.Pointer,
                Right = right.Pointer,
                EdgeFeatures = edgeFeatures.Pointer,
                EdgeWeights = edgeWeights.Pointer,
                Attention = attention.Pointer,
            };
            GraphAttentionGradients<T> gradients = new()
            {
                Left = dLeft.Pointer,
                Right = dRight.Pointer,
                EdgeFeatures = dFeatures.Pointer,
                EdgeWeights = dEdgeWeights.Pointer,
                Attention = dAttention.Pointer,
            };
            using Numbers<T> scratch = new(GraphAttentionKernel.ScratchLength(problem), 15);
            using AlignedBuffer<uint> signs = new(edges * Math.Max(1, columns / (2 * Vector128<T>.Count)));
            GraphAttentionReference.Forward(problem, result.Pointer, weights.Pointer);
            GraphAttentionReference.Backward(problem, weights.Pointer, upstream.Pointer, gradients);
            T[] expectedResult = result.Take();
            T[] expectedWeights = weights.Take()[..(edges * heads)];
            Numbers<T>[] outputs = [dLeft, dRight, dFeatures, dEdgeWeights, dAttention];
            T[][] expected = Array.ConvertAll(outputs, o => o.Take());

            Run<Lanes512<T>>();
            Run<Lanes256<T>>();
            Run<Lanes128<T>>();
            if (GraphAttentionKernel.UseLength(problem) > 0)
            {
                using AlignedBuffer<byte> use = new(GraphAttentionKernel.UseLength(problem));
                problem.Use = use.Pointer;
                GraphAttentionKernel.FindUse(problem, use.Pointer);
                Run<Lanes512<T>>();
                Run<Lanes256<T>>();
                Run<Lanes128<T>>();
            }

            void Run<TLanes>()
                where TLanes : unmanaged, IHeadLanes<TLanes, T>
            {
                if (!GraphAttentionKernel.Fits(problem, TLanes.Count))
                {
                    return;
                }

                string what =
                    $"{TLanes.Count} lanes, {heads} heads, {columns} columns, {features} "
                    + $"features{(problem.Use is null ? "" : " where not zero")}, {nodes} nodes, {edges} edges";
                GraphAttentionKernel.Run<GraphAttentionKernel.ForwardPass<T>, TLanes, T>(
                    heads, new(problem, result.Pointer, weights.Pointer, signs.Pointer));
                Numbers<T>.AssertClose(expectedWeights, weights.Values[..(edges * heads)].ToArray(), tolerance, "weights, " + what);
                GraphAttentionKernel.Run<GraphAttentionKernel.BackwardPass<T>, TLanes, T>(
                    heads, new(problem, result.Pointer, weights.Pointer,
                    signs.Pointer, upstream.Pointer, gradients, scores.Pointer, scratch.Pointer));
                Numbers<T>.AssertClose(expectedResult, result.Take(), tolerance, "result, " + what);
                for (int i = 0; i < outputs.Length; i++)
                {
                    Numbers<T>.AssertClose(expected[i], outputs[i].Take(), tolerance, $"gradient {i}, " + what);
                }

                Assert.NotEmpty(weights.Take());
                Assert.NotEmpty(scores.Take());
                Assert.NotEmpty(scratch.Take());
            }
        }
    }
}
