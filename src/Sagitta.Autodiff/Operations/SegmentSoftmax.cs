using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// exp(x) over its sum within each group, column by column. A single row gives 1. NaN spreads within its group and column.
/// The groups must stay as they are until the backward pass is over.
/// </summary>
internal sealed unsafe class SegmentSoftmax<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SegmentSoftmax<T> Instance = new();

    private SegmentSoftmax()
    {
    }

    /// <inheritdoc />
    public override string Name => "segment softmax";

    /// <summary>Rows x columns, as <paramref name="x"/>.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Segments groups) => Normalise(x, groups.Offsets, groups);

    /// <summary>Edges x columns: over the edges into each node.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Adjacency edges) => Normalise(x, edges.Incoming, edges);

    /// <inheritdoc />
    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        Tensor<T> y = step.Output();
        ReadOnlySpan<int> offsets = Shapes.Offsets(step.Context<object>());
        fixed (int* borders = offsets)
        {
            SegmentNormalisation.SpreadSoftmax(offsets.Length - 1, x.Columns, borders, y.Pointer, y.GradientPointer, x.GradientPointer);
        }
    }

    private static Tensor<T> Normalise(Tensor<T> x, ReadOnlySpan<int> offsets, object context)
    {
        Shapes.RequireRows(offsets[^1], "SegmentSoftmax", x);
        Tensor<T> y = x.Tape.Allocate(x.Rows, x.Columns, x.RequiresGradient);
        fixed (int* borders = offsets)
        {
            SegmentNormalisation.Softmax(offsets.Length - 1, x.Columns, borders, x.Pointer, y.Pointer);
        }

        x.Tape.Record(Instance, [x], [y], context: context);
        return y;
    }
}
