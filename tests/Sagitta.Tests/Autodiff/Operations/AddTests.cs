namespace Sagitta.Tests.Autodiff.Operations;

public sealed class AddTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(5, 7)]
    public void Gradient_agrees_with_differences(int rows, int columns)
    {
        GradientCheck.Run((_, x) => Add<double>.Apply(x[0], x[1]),
            [GradientCheck.Leaf.Random(rows, columns, 1), GradientCheck.Leaf.Random(rows, columns, 2)]);
        GradientCheck.Run((_, x) => Add<double>.Apply(x[0], x[0]), [GradientCheck.Leaf.Random(rows, columns, 1)]);
    }
}
