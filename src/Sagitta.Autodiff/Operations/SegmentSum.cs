using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// Sums of consecutive rows, group by group; an empty group gives zeros. The groups must stay as they are until the backward pass is over.
/// </summary>
internal sealed class SegmentSum<T>() : SegmentReduction<T>(mean: false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SegmentSum<T> Instance = new();

    /// <summary>Groups x columns.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Segments groups) => Instance.Reduce(x, groups.Offsets, groups);

    /// <summary>Nodes x columns from edges x columns: over the edges into each node.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Adjacency edges) => Instance.Reduce(x, edges.Incoming, edges);
}

/// <summary>The same of means.</summary>
internal sealed class SegmentMean<T>() : SegmentReduction<T>(mean: true)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SegmentMean<T> Instance = new();

    /// <summary>Groups x columns.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Segments groups) => Instance.Reduce(x, groups.Offsets, groups);

    /// <summary>Nodes x columns from edges x columns: over the edges into each node.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Adjacency edges) => Instance.Reduce(x, edges.Incoming, edges);
}

/// <summary>What sums and means of consecutive rows share.</summary>
internal abstract unsafe class SegmentReduction<T>(bool mean) : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override string Name => mean ? "segment mean" : "segment sum";

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        ReadOnlySpan<int> offsets = Shapes.Offsets(step.Context<object>());
        fixed (int* borders = offsets)
        {
            VectorDispatch.Run<SegmentSpread<T>, T>(new(offsets.Length - 1, x.Columns, borders, step.Output().GradientPointer,
                x.GradientPointer, mean));
        }
    }

    protected Tensor<T> Reduce(Tensor<T> x, ReadOnlySpan<int> offsets, object context)
    {
        Shapes.RequireRows(offsets[^1], mean ? "SegmentMean" : "SegmentSum", x);
        Tensor<T> y = x.Tape.Allocate(offsets.Length - 1, x.Columns, x.RequiresGradient);
        fixed (int* borders = offsets)
        {
            if (mean)
            {
                VectorDispatch.Run<SegmentAverage<T>, T>(new(y.Rows, x.Columns, borders, x.Pointer, y.Pointer));
            }
            else
            {
                y.Values.Clear();
                VectorDispatch.Run<OrderedRowSum<T>, T>(new(y.Rows, x.Columns, borders, null, x.Pointer, y.Pointer));
            }
        }

        x.Tape.Record(this, [x], [y], context: context);
        return y;
    }
}
