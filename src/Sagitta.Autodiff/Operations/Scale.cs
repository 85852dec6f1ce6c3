using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// x times a fixed number, plus a fixed number.
/// </summary>
internal sealed unsafe class Scale<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Scale<T> Instance = new();

    public override string Name => "scale";

    /// <summary>The function of every number of <paramref name="x"/>.</summary>
    public static Tensor<T> Apply(Tensor<T> x, double factor, double offset = 0)
    {
        Tensor<T> y = x.Tape.Allocate(x.Rows, x.Columns, x.RequiresGradient);
        Elementwise.Map(x.Pointer, y.Pointer, x.Length, new Scaling<T>(T.CreateTruncating(factor), T.CreateTruncating(offset)));
        x.Tape.Record(Instance, [x], [y], number: factor);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        Tensor<T> y = step.Output();
        Elementwise.Accumulate(x.Pointer, y.GradientPointer, x.GradientPointer, x.Length,
            new ScaledSecond<T>(T.CreateTruncating(step.Number)));
    }
}
