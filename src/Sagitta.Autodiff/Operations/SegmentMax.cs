using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// Largest of consecutive rows, column by column and group by group; an empty group gives zeros. The gradient is split equally among
/// equal largest rows. A group that holds NaN gives NaN. The groups must stay as they are until the backward pass is over.
/// </summary>
internal sealed unsafe class SegmentMax<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SegmentMax<T> Instance = new();

    public override string Name => "segment maximum";

    /// <summary>Groups x columns.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Segments groups) => Reduce(x, groups.Offsets, groups);

    /// <summary>Nodes x columns from edges x columns: over the edges into each node.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Adjacency edges) => Reduce(x, edges.Incoming, edges);

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        Tensor<T> y = step.Output();
        ReadOnlySpan<int> offsets = Shapes.Offsets(step.Context<object>());
        fixed (int* borders = offsets)
        {
            VectorDispatch.Run<SegmentLargestGradient<T>, T>(
                new(y.Rows, x.Columns, borders, x.Pointer, y.Pointer, y.GradientPointer, x.GradientPointer));
        }
    }

    private static Tensor<T> Reduce(Tensor<T> x, ReadOnlySpan<int> offsets, object context)
    {
        Shapes.RequireRows(offsets[^1], "SegmentMax", x);
        Tensor<T> y = x.Tape.Allocate(offsets.Length - 1, x.Columns, x.RequiresGradient);
        fixed (int* borders = offsets)
        {
            VectorDispatch.Run<SegmentLargest<T>, T>(new(y.Rows, x.Columns, borders, x.Pointer, y.Pointer));
        }

        x.Tape.Record(Instance, [x], [y], context: context);
        return y;
    }
}
