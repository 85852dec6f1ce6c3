namespace Sagitta.Tests.Autodiff.Operations;

public sealed class SigmoidTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(5, 7)]
    public void Gradient_agrees_with_differences(int rows, int columns) =>
        GradientCheck.Run((_, x) => Sigmoid<double>.Apply(x[0]), [GradientCheck.Leaf.Random(rows, columns, 1, 2)]);

    [Fact]
    public void Values_stay_finite_and_symmetric()
    {
        using Tape<float> tape = new();
        Span<float> y = Sigmoid<float>.Apply(tape.Constant([-1e30f, -5, 0, 5, 1e30f, float.NaN], 1, 6)).Values;
        Assert.InRange(y[0], 0, 1e-37f);
        Assert.Equal(1 / (1 + Math.Exp(5)), y[1], 1e-8);
        Assert.Equal(0.5f, y[2]);
        Assert.Equal(1, y[1] + y[3], 1e-6f);
        Assert.Equal(1, y[4]);
        Assert.True(float.IsNaN(y[5]));
    }
}
