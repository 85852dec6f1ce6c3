using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// 1 / (1 + exp(-x)), without overflow for any x. NaN gives NaN.
/// </summary>
internal sealed unsafe class Sigmoid<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Sigmoid<T> Instance = new();

    public override string Name => "sigmoid";

    /// <summary>The function of every number of <paramref name="x"/>.</summary>
    public static Tensor<T> Apply(Tensor<T> x)
    {
        Tensor<T> y = x.Tape.Allocate(x.Rows, x.Columns, x.RequiresGradient);
        Elementwise.Map(x.Pointer, y.Pointer, x.Length, default(Logistic<T>));
        x.Tape.Record(Instance, [x], [y]);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        Tensor<T> y = step.Output();
        Elementwise.Accumulate(y.Pointer, y.GradientPointer, x.GradientPointer, x.Length, default(LogisticGradient<T>));
    }
}
