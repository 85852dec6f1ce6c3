namespace Sagitta.Tests.Autodiff.Operations;

public sealed class SumTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(4, 5)]
    public void Gradient_agrees_with_differences(int rows, int columns)
    {
        GradientCheck.Run((_, x) => Sum<double>.Apply(x[0]), [GradientCheck.Leaf.Random(rows, columns, 1)]);
    }
}
