namespace Sagitta.Tests.Autodiff.Tensors;

/// <summary>Which operations a backward pass runs.</summary>
public sealed class TapeBackwardTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 1)]
    [InlineData(double.NaN, 1)]
    public void An_operation_whose_output_got_only_zeros_is_left_out(double scale, int expected)
    {
        using Tape<double> tape = new();
        Tensor<double> x = tape.Leaf([1, 2, 3], 3, 1);
        CountedCopy copy = new();
        tape.Backward(Sum<double>.Apply(Scale<double>.Apply(copy.Apply(x), scale)));
        Assert.Equal(expected, copy.BackwardPasses);
        Assert.All(x.Gradient.ToArray(), gradient => Assert.Equal(scale, gradient));
    }

    [Fact]
    public void An_operation_runs_where_only_the_last_number_of_one_of_its_outputs_got_a_gradient()
    {
        using Tape<double> tape = new();
        Tensor<double> x = tape.Leaf([1, 2, 3], 3, 1);
        CountedCopy copy = new();
        Tensor<double> y = copy.Apply(x);
        tape.PrepareGradients();
        y.Gradient[2] = 5;
        tape.Backward();
        Assert.Equal(1, copy.BackwardPasses);
        Assert.Equal([0, 0, 5], x.Gradient.ToArray());
    }

    private sealed class CountedCopy : Operation<double>
    {
        public override string Name => "counted copy";

        public int BackwardPasses { get; private set; }

        public Tensor<double> Apply(Tensor<double> x)
        {
            Tensor<double> y = x.Tape.Allocate(x.Rows, x.Columns, x.RequiresGradient);
            x.Values.CopyTo(y.Values);
            x.Tape.Record(this, [x], [y], []);
            return y;
        }

        public override void Backward(in RecordedStep<double> step)
        {
            BackwardPasses++;
            for (int i = 0; i < step.Output().Gradient.Length; i++)
            {
                step.Input(0).Gradient[i] += step.Output().Gradient[i];
            }
        }
    }
}
