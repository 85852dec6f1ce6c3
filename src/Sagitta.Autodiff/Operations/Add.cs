using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>a + b, of one shape.</summary>
internal sealed unsafe class Add<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Add<T> Instance = new();

    public override string Name => "add";

    /// <summary>The sum, number by number; in place of a where its numbers are needed no more.</summary>
    public static Tensor<T> Apply(Tensor<T> a, Tensor<T> b, bool inPlace = false)
    {
        Shapes.Require(a.Rows == b.Rows && a.Columns == b.Columns, "Add: both must have one shape", a, b);
        Tensor<T> y = Shapes.Like(a, inPlace, Tape<T>.AnyRequiresGradient([a, b]));
        if (y.Pointer != a.Pointer)
        {
            a.Values.CopyTo(y.Values);
        }

        Elementwise.Accumulate(b.Pointer, b.Pointer, y.Pointer, y.Length, new Scaling<T>(T.One));
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
                Elementwise.Accumulate(dy, dy, input.GradientPointer, input.Length, new Scaling<T>(T.One));
            }
        }
    }
}
