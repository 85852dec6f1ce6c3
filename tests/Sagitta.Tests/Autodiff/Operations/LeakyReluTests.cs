namespace Sagitta.Tests.Autodiff.Operations;

public sealed class LeakyReluTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(5, 7)]
    public void Gradient_agrees_with_differences(int rows, int columns) =>
        GradientCheck.Run((_, x) => LeakyRelu<double>.Apply(x[0], 0.2), [GradientCheck.Leaf.Random(rows, columns, 1, 2)]);

    [Fact]
    public void Values_follow_the_definition()
    {
        using Tape<float> tape = new();
        Tensor<float> y = LeakyRelu<float>.Apply(tape.Constant([-2, 0, 3, float.NaN], 1, 4), 0.5);
        Assert.Equal([-1, 0, 3, float.NaN], y.Values.ToArray());
    }
}
