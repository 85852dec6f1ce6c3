namespace Sagitta.Tests.Autodiff.Operations;

public sealed class SegmentSoftmaxTests
{
    private static readonly int[][] Groupings = [[0], [0, 0], [0, 1], [0, 0, 3, 3, 4, 9], [0, 5, 9, 9]];

    [Fact]
    public void Gradient_agrees_with_differences()
    {
        foreach (int[] offsets in Groupings)
        {
            foreach (int columns in (int[])[1, 4, 19])
            {
                GradientCheck.Run((_, x) => SegmentSoftmax<double>.Apply(x[0], new Segments(offsets)),
                    [GradientCheck.Leaf.Random(offsets[^1], columns, 1)]);
            }
        }
    }

    [Fact]
    public void Edges_of_a_graph_are_grouped_by_target()
    {
        Adjacency edges = Graphs.Small();
        GradientCheck.Run((_, x) => SegmentSoftmax<double>.Apply(x[0], edges), [GradientCheck.Leaf.Random(edges.Edges, 3, 1)]);
    }

    [Fact]
    public void Weights_of_a_group_sum_to_one_however_large_the_scores()
    {
        using Tape<double> tape = new();
        Span<double> y = SegmentSoftmax<double>.Apply(
            tape.Constant([1000, 1000 + Math.Log(3), -1e6], 3, 1), new Segments([0, 2, 3])).Values;
        Assert.Equal([0.25, 0.75, 1], Array.ConvertAll(y.ToArray(), v => Math.Round(v, 12)));
    }
}
