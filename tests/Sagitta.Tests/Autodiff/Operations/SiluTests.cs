namespace Sagitta.Tests.Autodiff.Operations;

public sealed class SiluTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(5, 7)]
    public void Gradient_agrees_with_differences(int rows, int columns) =>
        GradientCheck.Run((_, x) => Silu<double>.Apply(x[0]), [GradientCheck.Leaf.Random(rows, columns, 1, 2)]);

    [Fact]
    public void Values_follow_the_definition()
    {
        using Tape<double> tape = new();
        Tensor<double> y = Silu<double>.Apply(tape.Constant([-2, 0, 3], 1, 3));
        Assert.Equal(-2 / (1 + Math.Exp(2)), y.Values[0], 14);
        Assert.Equal(0, y.Values[1]);
        Assert.Equal(3 / (1 + Math.Exp(-3)), y.Values[2], 14);
    }
}
