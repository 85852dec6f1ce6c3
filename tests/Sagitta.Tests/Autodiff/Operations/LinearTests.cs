using Sagitta.Autodiff.Operations;
using Sagitta.Autodiff.Tensors;

namespace Sagitta.Tests.Autodiff.Operations;

public sealed class LinearTests
{
    [Theory]
    [InlineData(0, 3, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(13, 5, 9)]
    [InlineData(130, 3, 4)]
    public void Gradient_agrees_with_differences(int rows, int inputs, int outputs)
    {
        GradientCheck.Run((_, x) => Linear<double>.Apply(x[0], x[1], x[2]), [GradientCheck.Leaf.Random(rows, inputs, 1), GradientCheck.Leaf.Random(inputs, outputs, 2), GradientCheck.Leaf.Random(1, outputs, 3)]);
        GradientCheck.Run((_, x) => Linear<double>.Apply(x[0], x[1]), [GradientCheck.Leaf.Random(rows, inputs, 1), GradientCheck.Leaf.Random(inputs, outputs, 2)]);
    }

    [Fact]
    public void Wrong_shapes_are_named()
    {
        using Tape<double> tape = new();
        Tensor<double> x = tape.Allocate(2, 3);
        Tensor<double> weight = tape.Allocate(4, 5);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Linear<double>.Apply(x, weight));
        Assert.Contains("2 x 3", error.Message, StringComparison.Ordinal);
    }
}
