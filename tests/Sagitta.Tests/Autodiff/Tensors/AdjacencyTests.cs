namespace Sagitta.Tests.Autodiff.Tensors;

public sealed class AdjacencyTests
{
    [Fact]
    public void Both_orders_follow_from_borders_and_sources()
    {
        Adjacency graph = new();
        graph.Set([0, 2, 2, 5], [2, 1, 0, 2, 1]);

        Assert.Equal([0, 0, 2, 2, 2], graph.Targets.ToArray());
        Assert.Equal([0, 1, 3, 5], graph.Outgoing.ToArray());
        Assert.Equal([2, 1, 4, 0, 3], graph.OutgoingEdges.ToArray());

        // Made anew for the next graph.
        graph.Set([0, 1, 1], [1]);
        Assert.Equal([0], graph.Targets.ToArray());
        Assert.Equal([0, 0, 1], graph.Outgoing.ToArray());
        Assert.Equal([0], graph.OutgoingEdges.ToArray());
    }

    [Fact]
    public void Borders_and_targets_tell_the_same_graph()
    {
        Adjacency byTarget = new();
        byTarget.Set(4, [3, 0, 1, 3], [1, 1, 2, 2]);
        Adjacency byBorder = new();
        byBorder.Set([0, 0, 2, 4, 4], [3, 0, 1, 3]);

        Assert.Equal(byTarget.Incoming.ToArray(), byBorder.Incoming.ToArray());
        Assert.Equal(byTarget.Targets.ToArray(), byBorder.Targets.ToArray());
        Assert.Equal(byTarget.OutgoingEdges.ToArray(), byBorder.OutgoingEdges.ToArray());
    }

    [Fact]
    public void Nodes_without_edges_and_no_nodes_are_graphs()
    {
        Adjacency graph = new();
        graph.Set([0, 0, 0], []);
        Assert.Equal([0, 0, 0], graph.Outgoing.ToArray());
        graph.Set([0], []);
        Assert.Equal(0, graph.Nodes);
        Assert.Equal([0], graph.Outgoing.ToArray());
    }

    [Theory]
    [InlineData(new[] { 0, 1 }, new[] { 1 })]
    [InlineData(new[] { 0, 1 }, new[] { -1 })]
    [InlineData(new[] { 0, 2 }, new[] { 0 })]
    [InlineData(new[] { 1, 1 }, new[] { 0 })]
    [InlineData(new[] { 0, 2, 1 }, new[] { 0 })]
    [InlineData(new int[0], new int[0])]
    public void What_is_no_graph_is_refused(int[] incoming, int[] sources)
    {
        Assert.Throws<ArgumentException>(() => new Adjacency().Set(incoming, sources));
    }
}
