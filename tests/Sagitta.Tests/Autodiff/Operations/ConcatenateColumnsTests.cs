namespace Sagitta.Tests.Autodiff.Operations;

public sealed class ConcatenateColumnsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    public void Gradient_agrees_with_differences(int rows) => GradientCheck.Run(
        (_, x) => ConcatenateColumns<double>.Apply(x[0], x[1], x[2], x[0]),
        [GradientCheck.Leaf.Random(rows, 3, 1), GradientCheck.Leaf.Random(rows, 0, 2), GradientCheck.Leaf.Random(rows, 17, 3)]);

    [Fact]
    public void Columns_keep_their_order()
    {
        using Tape<double> tape = new();
        Tensor<double> y = ConcatenateColumns<double>.Apply(tape.Constant([1, 2], 2, 1), tape.Constant([3, 4, 5, 6], 2, 2));
        Assert.Equal([1, 3, 4, 2, 5, 6], y.Values.ToArray());
    }
}
