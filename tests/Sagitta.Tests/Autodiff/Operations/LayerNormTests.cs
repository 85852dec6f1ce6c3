namespace Sagitta.Tests.Autodiff.Operations;

public sealed class LayerNormTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 2)]
    [InlineData(5, 8)]
    [InlineData(3, 19)]
    public void Gradient_agrees_with_differences(int rows, int columns) => GradientCheck.Run(
        (_, x) => LayerNorm<double>.Apply(x[0], x[1], x[2]),
        [GradientCheck.Leaf.Random(rows, columns, 1), GradientCheck.Leaf.Random(1, columns, 2), GradientCheck.Leaf.Random(1, columns, 3)]);

    [Fact]
    public void Rows_have_mean_zero_and_variance_one()
    {
        using Tape<float> tape = new();
        Tensor<float> x = tape.Constant([1, 2, 3, 10], 1, 4);
        Span<float> y = LayerNorm<float>.Apply(x, tape.Constant([1, 1, 1, 1], 1, 4), tape.Constant([0, 0, 0, 0], 1, 4)).Values;
        Assert.Equal(0, y[0] + y[1] + y[2] + y[3], 1e-6f);
        Assert.Equal(4, (y[0] * y[0]) + (y[1] * y[1]) + (y[2] * y[2]) + (y[3] * y[3]), 1e-4f);
    }
}
