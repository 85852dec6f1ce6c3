using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// y = x w + b: x is rows x inputs, w inputs x outputs, b 1 x outputs. NaN spreads to the rows that hold it; no rows give no rows.
/// </summary>
internal sealed unsafe class Linear<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Linear<T> Instance = new();

    public override string Name => "linear";

    /// <summary>Rows x outputs.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Tensor<T> weight, Tensor<T> bias)
    {
        Shapes.Require(bias.Rows == 1 && bias.Columns == weight.Columns, "Linear: the bias must be 1 x outputs", bias, weight);
        Tensor<T> y = Multiply(x, weight, bias.Pointer, Tape<T>.AnyRequiresGradient([x, weight, bias]));
        x.Tape.Record(Instance, [x, weight, bias], [y]);
        return y;
    }

    /// <summary>The same without bias.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Tensor<T> weight)
    {
        Tensor<T> y = Multiply(x, weight, null, Tape<T>.AnyRequiresGradient([x, weight]));
        x.Tape.Record(Instance, [x, weight], [y]);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        Tensor<T> weight = step.Input(1);
        Tensor<T> y = step.Output();
        int inputs = weight.Rows;
        int outputs = weight.Columns;
        if (x.RequiresGradient)
        {
            T* scratch = step.Tape.ScratchPointer<T>(MatrixProduct.ScratchLength<T>(inputs, outputs));
            MatrixProduct.InputGradient(x.Rows, inputs, outputs, y.GradientPointer, weight.Pointer, x.GradientPointer, scratch);
        }

        if (weight.RequiresGradient)
        {
            MatrixProduct.WeightGradient(x.Rows, inputs, outputs, x.Pointer, y.GradientPointer, weight.GradientPointer);
        }

        if (step.Inputs == 3 && step.Input(2).RequiresGradient)
        {
            int* all = stackalloc int[] { 0, x.Rows };
            VectorDispatch.Run<OrderedRowSum<T>, T>(new(1, outputs, all, null, y.GradientPointer, step.Input(2).GradientPointer));
        }
    }

    private static Tensor<T> Multiply(Tensor<T> x, Tensor<T> weight, T* bias, bool requiresGradient)
    {
        Shapes.Require(x.Columns == weight.Rows, "Linear: x must have as many columns as the weight has rows", x, weight);
        Tensor<T> y = x.Tape.Allocate(x.Rows, weight.Columns, requiresGradient);
        MatrixProduct.Forward(x.Rows, weight.Rows, weight.Columns, x.Pointer, weight.Pointer, bias, y.Pointer);
        return y;
    }
}
