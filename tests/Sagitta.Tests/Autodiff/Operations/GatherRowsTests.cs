namespace Sagitta.Tests.Autodiff.Operations;

public sealed class GatherRowsTests
{
    [Fact]
    public void Gradient_agrees_with_differences()
    {
        foreach (Adjacency edges in (Adjacency[])[Graphs.Small(), Graphs.Random(9, 40, 1), Graphs.Random(3, 0, 1), Graphs.Random(0, 0, 1)])
        {
            GradientCheck.Run((_, x) => GatherRows<double>.BySource(x[0], edges), [GradientCheck.Leaf.Random(edges.Nodes, 5, 1)]);
            GradientCheck.Run((_, x) => GatherRows<double>.ByTarget(x[0], edges), [GradientCheck.Leaf.Random(edges.Nodes, 5, 1)]);
        }
    }

    [Fact]
    public void Rows_are_those_of_the_ends()
    {
        using Tape<float> tape = new();
        Adjacency edges = new();
        edges.Set(3, [2, 0, 2], [0, 1, 1]);
        Tensor<float> nodes = tape.Constant([10, 20, 30], 3, 1);
        Assert.Equal([30, 10, 30], GatherRows<float>.BySource(nodes, edges).Values.ToArray());
        Assert.Equal([10, 20, 20], GatherRows<float>.ByTarget(nodes, edges).Values.ToArray());
    }
}
