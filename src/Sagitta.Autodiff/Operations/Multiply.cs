using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>a b, number by number, of one shape.</summary>
internal sealed unsafe class Multiply<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Multiply<T> Instance = new();

    public override string Name => "multiply";

    /// <summary>The product, number by number.</summary>
    public static Tensor<T> Apply(Tensor<T> a, Tensor<T> b)
    {
        Shapes.Require(a.Rows == b.Rows && a.Columns == b.Columns, "Multiply: both must have one shape", a, b);
        Tensor<T> y = a.Tape.Allocate(a.Rows, a.Columns, Tape<T>.AnyRequiresGradient([a, b]));
        y.Values.Clear();
        Elementwise.Accumulate(a.Pointer, b.Pointer, y.Pointer, y.Length, default(Product<T>));
        a.Tape.Record(Instance, [a, b], [y]);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        T* dy = step.Output().GradientPointer;
        for (int i = 0; i < 2; i++)
        {
            Tensor<T> input = step.Input(i);
            if (input.RequiresGradient)
            {
                Elementwise.Accumulate(step.Input(1 - i).Pointer, dy, input.GradientPointer, input.Length, default(Product<T>));
            }
        }
    }
}
