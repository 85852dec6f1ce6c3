namespace Sagitta.Tests.Autodiff.Operations;

public sealed class BatchNormTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 2)]
    [InlineData(7, 3)]
    [InlineData(9, 18)]
    public void Gradient_agrees_with_differences(int rows, int columns)
    {
        GradientCheck.Leaf x = GradientCheck.Leaf.Random(rows, columns, 1);
        GradientCheck.Leaf gain = GradientCheck.Leaf.Random(1, columns, 2);
        GradientCheck.Leaf bias = GradientCheck.Leaf.Random(1, columns, 3);
        GradientCheck.Leaf mean = GradientCheck.Leaf.Random(1, columns, 4);
        GradientCheck.Leaf variance = new(1, columns,
            Array.ConvertAll(GradientCheck.Leaf.Random(1, columns, 5).Values, v => 0.5 + (v * v)));
        GradientCheck.Run((_, t) => BatchNorm<double>.Apply(t[0], t[1], t[2], new BatchMoments(columns)), [x, gain, bias]);
        GradientCheck.Run(
            (tape, t) => BatchNorm<double>.Apply(t[0], t[1], t[2], tape.Constant(mean.Values, 1, columns),
                tape.Constant(variance.Values, 1, columns)),
            [x, gain, bias]);
    }

    [Fact]
    public void Moments_are_those_of_the_columns()
    {
        using Tape<float> tape = new();
        BatchMoments moments = new(2);
        Tensor<float> one = tape.Constant([1, 1], 1, 2);
        Tensor<float> y = BatchNorm<float>.Apply(tape.Constant([1, 1000001, 3, 1000003], 2, 2), one, tape.Constant([0, 5], 1, 2), moments);
        Assert.Equal([2, 1000002], moments.Mean.ToArray());
        Assert.Equal([1, 1], moments.Variance.ToArray());
        Assert.Equal(2, moments.Rows);
        Assert.Equal(-1, y.Values[0], 1e-4f);
        Assert.Equal(6, y.Values[3], 1e-4f);
    }
}
