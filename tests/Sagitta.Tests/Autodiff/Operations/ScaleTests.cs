namespace Sagitta.Tests.Autodiff.Operations;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(5, 7)]
    public void Gradient_agrees_with_differences(int rows, int columns) =>
        GradientCheck.Run((_, x) => Scale<double>.Apply(x[0], -2.5, 0.75), [GradientCheck.Leaf.Random(rows, columns, 1, 2)]);
}
