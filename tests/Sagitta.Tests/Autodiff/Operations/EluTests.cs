namespace Sagitta.Tests.Autodiff.Operations;

public sealed class EluTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(5, 7)]
    public void Gradient_agrees_with_differences(int rows, int columns) =>
        GradientCheck.Run((_, x) => Elu<double>.Apply(x[0], 1.5), [GradientCheck.Leaf.Random(rows, columns, 1, 2)]);

    [Fact]
    public void Values_follow_the_definition()
    {
        using Tape<double> tape = new();
        Tensor<double> y = Elu<double>.Apply(tape.Constant([-2, 0, 3, double.NaN], 1, 4), 2);
        Assert.Equal(2 * (Math.Exp(-2) - 1), y.Values[0], 14);
        Assert.Equal([0, 3, double.NaN], y.Values[1..].ToArray());
    }
}
