using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// x where positive, slope x elsewhere, slope at zero for the gradient. NaN gives NaN.
/// </summary>
internal sealed unsafe class LeakyRelu<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly LeakyRelu<T> Instance = new();

    public override string Name => "leaky rectifier";

    /// <summary>The function of every number of <paramref name="x"/>.</summary>
    public static Tensor<T> Apply(Tensor<T> x, double slope = 0.01)
    {
        Tensor<T> y = x.Tape.Allocate(x.Rows, x.Columns, x.RequiresGradient);
        Elementwise.Map(x.Pointer, y.Pointer, x.Length, new LeakyRectifier<T>(T.CreateTruncating(slope)));
        x.Tape.Record(Instance, [x], [y], number: slope);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        Tensor<T> y = step.Output();
        Elementwise.Accumulate(x.Pointer, y.GradientPointer, x.GradientPointer, x.Length,
            new LeakyRectifierGradient<T>(T.CreateTruncating(step.Number)));
    }
}
