namespace Sagitta.Tests.Autodiff.Tensors;

public sealed class TapeMemoryTests
{
    [Fact]
    public void Borrowed_numbers_are_used_in_place()
    {
        PinnedBuffer<double> buffer = new(7);
        buffer.Values[5] = 3;
        using Tape<double> tape = new();

        Tensor<double> x = tape.Borrow(buffer, 2, 3);
        buffer.Values[4] = 2;

        Assert.False(x.RequiresGradient);
        Assert.Equal([0, 0, 0, 0, 2, 3], x.Values.ToArray());
        Assert.Throws<ArgumentException>(() => tape.Borrow(buffer, 2, 4));
    }

    [Fact]
    public void Tapes_that_go_backward_in_turn_share_the_memory_of_gradients()
    {
        using Arena shared = new();
        using Tape<double> first = new(backward: shared);
        using Tape<double> second = new(backward: shared);
        Tensor<double> x = first.Leaf([1, 2], 2, 1);
        Tensor<double> y = second.Leaf([5, 7, 11], 3, 1);
        Tensor<double> square = Sum<double>.Apply(Multiply<double>.Apply(x, x));
        Tensor<double> otherSquare = Sum<double>.Apply(Multiply<double>.Apply(y, y));

        first.Backward(square);
        Assert.Equal([2, 4], x.Gradient.ToArray());
        second.Backward(otherSquare);
        Assert.Equal([10, 14, 22], y.Gradient.ToArray());

        // The values of the first are untouched by the second's backward pass.
        Assert.Equal([1, 2], x.Values.ToArray());
        Assert.Equal(5, square.Values[0]);
        first.Reset();
        x = first.Leaf([3], 1, 1);
        first.Backward(Sum<double>.Apply(Multiply<double>.Apply(x, x)));
        Assert.Equal([6], x.Gradient.ToArray());
    }
}
