using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>Tensors of equally many rows side by side.</summary>
internal sealed unsafe class ConcatenateColumns<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly ConcatenateColumns<T> Instance = new();

    public override string Name => "concatenate columns";

    /// <summary>Rows x the sum of all columns, in the order given.</summary>
    public static Tensor<T> Apply(params ReadOnlySpan<Tensor<T>> parts)
    {
        if (parts.IsEmpty)
        {
            throw new ArgumentException("ConcatenateColumns needs at least one tensor.", nameof(parts));
        }

        int columns = 0;
        foreach (Tensor<T> part in parts)
        {
            Shapes.Require(part.Rows == parts[0].Rows, "ConcatenateColumns: all parts must have equally many rows", part, parts[0]);
            columns += part.Columns;
        }

        Tensor<T> y = parts[0].Tape.Allocate(parts[0].Rows, columns, Tape<T>.AnyRequiresGradient(parts));
        int first = 0;
        foreach (Tensor<T> part in parts)
        {
            VectorDispatch.Run<RowGather<T>, T>(new(part.Rows, part.Columns, null, part.Pointer, part.Columns, y.Pointer + first, columns));
            first += part.Columns;
        }

        y.Tape.Record(Instance, parts, [y]);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> y = step.Output();
        int first = 0;
        for (int i = 0; i < step.Inputs; i++)
        {
            Tensor<T> part = step.Input(i);
            if (part.RequiresGradient)
            {
                VectorDispatch.Run<RowAddition<T>, T>(new(part.Rows, part.Columns, y.GradientPointer + first, y.Columns,
                    part.GradientPointer, part.Columns));
            }

            first += part.Columns;
        }
    }
}
