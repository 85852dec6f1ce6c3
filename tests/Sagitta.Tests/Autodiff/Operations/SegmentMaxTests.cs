namespace Sagitta.Tests.Autodiff.Operations;

public sealed class SegmentMaxTests
{
    private static readonly int[][] Groupings = [[0], [0, 0], [0, 1], [0, 0, 3, 3, 4, 9], [0, 5, 9, 9]];

    [Fact]
    public void Gradient_agrees_with_differences()
    {
        foreach (int[] offsets in Groupings)
        {
            foreach (int columns in (int[])[1, 4, 19])
            {
                GradientCheck.Run((_, x) => SegmentMax<double>.Apply(x[0], new Segments(offsets)),
                    [GradientCheck.Leaf.Random(offsets[^1], columns, 1)]);
            }
        }
    }

    [Fact]
    public void Edges_of_a_graph_are_grouped_by_target()
    {
        Adjacency edges = Graphs.Small();
        GradientCheck.Run((_, x) => SegmentMax<double>.Apply(x[0], edges), [GradientCheck.Leaf.Random(edges.Edges, 3, 1)]);
    }

    [Fact]
    public void Values_follow_the_definition()
    {
        using Tape<float> tape = new();
        Tensor<float> y = SegmentMax<float>.Apply(tape.Constant([1, 5, 4, 2, 7, 8], 3, 2), new Segments([0, 2, 2, 3]));
        Assert.Equal([4, 5, 0, 0, 7, 8], y.Values.ToArray());
    }

    [Fact]
    public void Gradient_is_shared_among_ties()
    {
        using Tape<double> tape = new();
        Tensor<double> x = tape.Leaf([3, 1, 3], 3, 1);
        tape.Backward(Sum<double>.Apply(SegmentMax<double>.Apply(x, new Segments([0, 3]))));
        Assert.Equal([0.5, 0, 0.5], x.Gradient.ToArray());
    }

    [Fact]
    public void Nan_is_not_hidden()
    {
        using Tape<float> tape = new();
        Tensor<float> y = SegmentMax<float>.Apply(tape.Constant([1, float.NaN, 3], 3, 1), new Segments([0, 3]));
        Assert.True(float.IsNaN(y.Values[0]));
    }
}
