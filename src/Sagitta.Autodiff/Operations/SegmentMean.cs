using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// Means of consecutive rows, group by group; an empty group gives zeros. The groups must stay as they are until the backward pass is over.
/// </summary>
internal sealed unsafe class SegmentMean<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SegmentMean<T> Instance = new();

    public override string Name => "segment mean";

    /// <summary>Groups x columns.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Segments groups) => Reduce(x, groups.Offsets, groups);

    /// <summary>Nodes x columns from edges x columns: over the edges into each node.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Adjacency edges) => Reduce(x, edges.Incoming, edges);

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        ReadOnlySpan<int> offsets = Shapes.Offsets(step.Context<object>());
        fixed (int* borders = offsets)
        {
            VectorDispatch.Run<SegmentSpread<T>, T>(new(offsets.Length - 1, x.Columns, borders, step.Output().GradientPointer,
                x.GradientPointer, mean: true));
        }
    }

    private static Tensor<T> Reduce(Tensor<T> x, ReadOnlySpan<int> offsets, object context)
    {
        Shapes.RequireRows(offsets[^1], "SegmentMean", x);
        Tensor<T> y = x.Tape.Allocate(offsets.Length - 1, x.Columns, x.RequiresGradient);
        fixed (int* borders = offsets)
        {
            VectorDispatch.Run<SegmentAverage<T>, T>(new(y.Rows, x.Columns, borders, x.Pointer, y.Pointer));
        }

        x.Tape.Record(Instance, [x], [y], context: context);
        return y;
    }
}
