namespace Sagitta.Tests.Autodiff.Operations;

public sealed class GraphAttentionTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 8, 4)]
    [InlineData(2, 3, 0)]
    [InlineData(3, 5, 2)]
    [InlineData(8, 4, 6)]
    public void Gradient_agrees_with_differences(int heads, int width, int features)
    {
        foreach (Adjacency edges in (Adjacency[])[Graphs.Small(), Graphs.Random(6, 23, 7), Graphs.Random(3, 0, 1), Graphs.Random(0, 0, 1)])
        {
            int columns = heads * width;
            GradientCheck.Run(
                (_, x) => GraphAttention<double>.Apply(x[0], x[1], x[2], x[3], x[4], edges, heads),
                [
                    GradientCheck.Leaf.Random(edges.Nodes, columns, 1),
                    GradientCheck.Leaf.Random(edges.Nodes, columns, 2),
                    GradientCheck.Leaf.Random(edges.Edges, features, 3),
                    GradientCheck.Leaf.Random(features, columns, 4),
                    GradientCheck.Leaf.Random(1, columns, 5),
                ]);
        }
    }

    [Fact]
    public void A_single_incoming_edge_copies_its_source_and_none_gives_zeros()
    {
        using Tape<float> tape = new();
        Adjacency edges = new();
        edges.Set(3, [2], [0]);
        Tensor<float> left = tape.Constant([1, 2, 3, 4, 5, 6], 3, 2);
        Tensor<float> y = GraphAttention<float>.Apply(
            left, left, tape.Constant([7], 1, 1), tape.Constant([1, 1], 1, 2), tape.Constant([1, 1], 1, 2), edges, 2);
        Assert.Equal([5, 6, 0, 0, 0, 0], y.Values.ToArray());
    }
}
