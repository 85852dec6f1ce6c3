using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// Attention over the edges of a graph with dynamic scores (GATv2: Brody, Alon, Yahav, arXiv:2105.14491) and edge features:
/// score(j -> i, h) = sum over the columns c of head h of a_c leaky(left_jc + right_ic + (e W)_c), softmax over the edges into i,
/// out_ic = sum over j of weight(j -> i, h) left_jc. Head h owns the columns c with c mod heads = h, which makes a vector hold all heads.
/// A node without incoming edges gives zeros. NaN in left spreads to the nodes it has edges to, NaN in right to its node. Nothing of
/// size edges x columns is kept: only the softmax weights (edges x heads) and a bit a column are. The graph must stay as it is until the
/// backward pass is over.
/// </summary>
internal sealed unsafe class GraphAttention<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly GraphAttention<T> Instance = new();

    public override string Name => "graph attention";

    /// <summary>
    /// Nodes x columns. <paramref name="left"/> and <paramref name="right"/> are nodes x columns, <paramref name="edgeFeatures"/>
    /// edges x features, <paramref name="edgeWeights"/> features x columns, <paramref name="attention"/> 1 x columns.
    /// </summary>
    public static Tensor<T> Apply(Tensor<T> left, Tensor<T> right, Tensor<T> edgeFeatures, Tensor<T> edgeWeights, Tensor<T> attention,
        Adjacency edges, int heads, double slope = 0.2)
    {
        Shapes.RequireRows(edges.Nodes, "GraphAttention", left);
        Shapes.Require(right.Rows == left.Rows && right.Columns == left.Columns, "GraphAttention: left and right must have one shape",
            right, left);
        Shapes.Require(edgeFeatures.Columns == edgeWeights.Rows,
            "GraphAttention: edge features must have as many columns as edge weights have rows", edgeFeatures, edgeWeights);
        Shapes.Require(edgeWeights.Columns == left.Columns, "GraphAttention: edge weights must have the columns of left",
            edgeWeights, left);
        Shapes.Require(attention.Rows == 1 && attention.Columns == left.Columns, "GraphAttention: attention must be 1 x columns of left",
            attention, left);
        Shapes.RequireRows(edges.Edges, "GraphAttention, edge features", edgeFeatures);
        if (heads < 1 || left.Columns % heads != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(heads), heads,
                $"The {left.Columns} columns cannot be shared equally: choose a number of heads that divides them.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(slope);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slope, 1);
        Tape<T> tape = left.Tape;
        Tensor<T> y = tape.Allocate(left.Rows, left.Columns,
            Tape<T>.AnyRequiresGradient([left, right, edgeFeatures, edgeWeights, attention]));
        Tensor<T> weights = tape.Allocate(edges.Edges + GraphAttentionKernel.WeightPadding, heads);
        Tensor<T> signs;
        Tensor<T> use;
        fixed (int* incoming = edges.Incoming)
        fixed (int* sources = edges.Sources)
        {
            GraphAttentionProblem<T> problem = Problem(left, right, edgeFeatures, edgeWeights, attention, edges, heads, slope);
            problem.Incoming = incoming;
            problem.Sources = sources;
            int useLength = GraphAttentionKernel.UseLength(problem);
            use = tape.Allocate((useLength + sizeof(T) - 1) / sizeof(T), 1);
            if (useLength > 0)
            {
                problem.Use = (byte*)use.Pointer;
                GraphAttentionKernel.FindUse(problem, problem.Use);
            }

            signs = tape.Allocate(y.RequiresGradient ? GraphAttentionKernel.SignLength(problem) : 0, 1);
            GraphAttentionKernel.Forward(problem, y.Pointer, weights.Pointer, y.RequiresGradient ? (uint*)signs.Pointer : null);
        }

        tape.Record(Instance, [left, right, edgeFeatures, edgeWeights, attention], [y], [weights, signs, use], edges, slope);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Adjacency edges = step.Context<Adjacency>();
        Tensor<T> y = step.Output();
        Tensor<T> weights = step.Saved(0);
        fixed (int* incoming = edges.Incoming)
        fixed (int* sources = edges.Sources)
        fixed (int* targets = edges.Targets)
        fixed (int* outgoing = edges.Outgoing)
        fixed (int* outgoingEdges = edges.OutgoingEdges)
        {
            GraphAttentionProblem<T> problem = Problem(step.Input(0), step.Input(1), step.Input(2), step.Input(3), step.Input(4), edges,
                weights.Columns, step.Number);
            problem.Incoming = incoming;
            problem.Sources = sources;
            problem.Targets = targets;
            problem.Use = step.Saved(2).Rows > 0 ? (byte*)step.Saved(2).Pointer : null;
            problem.Outgoing = outgoing;
            problem.OutgoingEdges = outgoingEdges;
            GraphAttentionGradients<T> gradients = new()
            {
                Left = step.Input(0).GradientPointer,
                Right = step.Input(1).GradientPointer,
                EdgeFeatures = step.Input(2).GradientPointer,
                EdgeWeights = step.Input(3).GradientPointer,
                Attention = step.Input(4).GradientPointer,
            };
            T* scores = step.Tape.ScratchPointer<T>(weights.Length);
            T* scratch = step.Tape.ScratchPointer<T>(GraphAttentionKernel.ScratchLength(problem));
            GraphAttentionKernel.Backward(problem, y.Pointer, weights.Pointer, (uint*)step.Saved(1).Pointer, y.GradientPointer, gradients,
                scores, scratch);
        }
    }

    private static GraphAttentionProblem<T> Problem(
        Tensor<T> left,
        Tensor<T> right,
        Tensor<T> edgeFeatures,
        Tensor<T> edgeWeights,
        Tensor<T> attention,
        Adjacency edges,
        int heads,
        double slope) => new()
        {
            Nodes = edges.Nodes,
            Edges = edges.Edges,
            Heads = heads,
            Columns = left.Columns,
            EdgeColumns = edgeFeatures.Columns,
            Slope = T.CreateTruncating(slope),
            Left = left.Pointer,
            Right = right.Pointer,
            EdgeFeatures = edgeFeatures.Pointer,
            EdgeWeights = edgeWeights.Pointer,
            Attention = attention.Pointer,
        };
}
