using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>The sum of all numbers, accumulated in double in row order. An empty tensor gives 0.</summary>
internal sealed unsafe class Sum<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Sum<T> Instance = new();

    public override string Name => "sum";

    /// <summary>1 x 1.</summary>
    public static Tensor<T> Apply(Tensor<T> x)
    {
        Tensor<T> y = x.Tape.Allocate(1, 1, x.RequiresGradient);
        double sum = 0;
        foreach (T value in x.Values)
        {
            sum += double.CreateTruncating(value);
        }

        y.Values[0] = T.CreateTruncating(sum);
        x.Tape.Record(Instance, [x], [y]);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        T upstream = step.Output().Gradient[0];
        foreach (ref T gradient in step.Input(0).Gradient)
        {
            gradient += upstream;
        }
    }
}
