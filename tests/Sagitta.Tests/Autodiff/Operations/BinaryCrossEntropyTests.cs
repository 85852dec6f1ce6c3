namespace Sagitta.Tests.Autodiff.Operations;

public sealed class BinaryCrossEntropyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37)]
    public void Gradient_agrees_with_differences(int rows)
    {
        double[] labels = Array.ConvertAll(GradientCheck.Leaf.Random(rows, 1, 2).Values, v => v > 0 ? 1.0 : 0.0);
        double[] weights = Array.ConvertAll(GradientCheck.Leaf.Random(rows, 1, 3).Values, Math.Abs);
        GradientCheck.Run(
            (tape, x) => BinaryCrossEntropy<double>.Apply(x[0], tape.Constant(labels, rows, 1), tape.Constant(weights, rows, 1)),
            [GradientCheck.Leaf.Random(rows, 1, 1, 3)]);
    }

    [Fact]
    public void Extreme_logits_give_finite_losses()
    {
        using Tape<float> tape = new();
        Tensor<float> one = tape.Constant([1, 1], 2, 1);
        Tensor<float> x = tape.Leaf([1000, -1000], 2, 1);
        Tensor<float> loss = BinaryCrossEntropy<float>.Apply(x, tape.Constant([0, 1], 2, 1), one);
        tape.Backward(loss);
        Assert.Equal(2000, loss.Values[0]);
        Assert.Equal([1, -1], x.Gradient.ToArray());
    }

    [Fact]
    public void Value_is_the_weighted_sum()
    {
        using Tape<double> tape = new();
        Tensor<double> loss = BinaryCrossEntropy<double>.Apply(
            tape.Constant([0, 2], 2, 1), tape.Constant([1, 0], 2, 1), tape.Constant([3, 0.5], 2, 1));
        Assert.Equal((3 * Math.Log(2)) + (0.5 * Math.Log(1 + Math.Exp(2))), loss.Values[0], 12);
    }
}
