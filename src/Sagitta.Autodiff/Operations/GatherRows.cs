using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// The row of a node for each edge of a graph. The backward pass sums over the edges of each node in the order of the graph's rows, so
/// nothing is scattered. The graph must stay as it is until then.
/// </summary>
internal sealed unsafe class GatherRows<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly GatherRows<T> Source = new(bySource: true);
    private static readonly GatherRows<T> Target = new(bySource: false);
    private readonly bool _bySource;

    private GatherRows(bool bySource) => _bySource = bySource;

    public override string Name => "gather rows";

    /// <summary>Edges x columns: the row of each edge's source.</summary>
    public static Tensor<T> BySource(Tensor<T> nodes, Adjacency edges) => Gather(nodes, edges, edges.Sources, Source);

    /// <summary>Edges x columns: the row of each edge's target.</summary>
    public static Tensor<T> ByTarget(Tensor<T> nodes, Adjacency edges) => Gather(nodes, edges, edges.Targets, Target);

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> nodes = step.Input(0);
        Adjacency edges = step.Context<Adjacency>();
        fixed (int* borders = _bySource ? edges.Outgoing : edges.Incoming)
        fixed (int* order = _bySource ? edges.OutgoingEdges : default)
        {
            VectorDispatch.Run<OrderedRowSum<T>, T>(new(nodes.Rows, nodes.Columns, borders, order, step.Output().GradientPointer,
                nodes.GradientPointer));
        }
    }

    private static Tensor<T> Gather(Tensor<T> nodes, Adjacency edges, ReadOnlySpan<int> rows, GatherRows<T> operation)
    {
        Shapes.RequireRows(edges.Nodes, "GatherRows", nodes);
        Tensor<T> y = nodes.Tape.Allocate(edges.Edges, nodes.Columns, nodes.RequiresGradient);
        fixed (int* indices = rows)
        {
            VectorDispatch.Run<RowGather<T>, T>(new(rows.Length, nodes.Columns, indices, nodes.Pointer, nodes.Columns, y.Pointer,
                nodes.Columns));
        }

        nodes.Tape.Record(operation, [nodes], [y], context: edges);
        return y;
    }
}
