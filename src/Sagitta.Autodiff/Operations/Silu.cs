using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// x sigmoid(x) (Elfwing, Uchibe, Doya, arXiv:1702.03118). NaN gives NaN.
/// </summary>
internal sealed unsafe class Silu<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Silu<T> Instance = new();

    public override string Name => "sigmoid linear unit";

    /// <summary>The function of every number of <paramref name="x"/>.</summary>
    public static Tensor<T> Apply(Tensor<T> x)
    {
        Tensor<T> y = x.Tape.Allocate(x.Rows, x.Columns, x.RequiresGradient);
        Elementwise.Map(x.Pointer, y.Pointer, x.Length, default(LogisticLinear<T>));
        x.Tape.Record(Instance, [x], [y]);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        Tensor<T> y = step.Output();
        Elementwise.Accumulate(x.Pointer, y.GradientPointer, x.GradientPointer, x.Length, default(LogisticLinearGradient<T>));
    }
}
