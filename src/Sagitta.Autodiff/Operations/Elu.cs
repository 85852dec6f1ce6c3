using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// x where positive, alpha (exp(x) - 1) elsewhere (Clevert, Unterthiner, Hochreiter, arXiv:1511.07289). NaN gives NaN.
/// </summary>
internal sealed unsafe class Elu<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Elu<T> Instance = new();

    public override string Name => "exponential linear unit";

    /// <summary>The function of every number of <paramref name="x"/>.</summary>
    public static Tensor<T> Apply(Tensor<T> x, double alpha = 1)
    {
        Tensor<T> y = x.Tape.Allocate(x.Rows, x.Columns, x.RequiresGradient);
        Elementwise.Map(x.Pointer, y.Pointer, x.Length, new ExponentialLinear<T>(T.CreateTruncating(alpha)));
        x.Tape.Record(Instance, [x], [y], number: alpha);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        Tensor<T> y = step.Output();
        Elementwise.Accumulate(x.Pointer, y.GradientPointer, x.GradientPointer, x.Length,
            new ExponentialLinearGradient<T>(T.CreateTruncating(step.Number)));
    }
}
