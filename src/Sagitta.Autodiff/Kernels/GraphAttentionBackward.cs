using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The backward pass at one vector width and number of heads. With q = (gradient of the score) x (slope of the rectifier), column by
/// column, the gradient of what is rectified is attention x q, and every gradient follows from sums of q: over the incoming edges of a
/// node, over its outgoing edges, and over all edges times a feature. The signs that the forward pass kept give q from one number a head,
/// so nothing is projected or gathered again, and the second walk, by source, makes scattering unnecessary.
/// </summary>
internal static unsafe class GraphAttentionBackward<TLanes, T, THeads>
    where TLanes : unmanaged, IHeadLanes<TLanes, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where THeads : struct, ICount
{
    internal static void Run(
        in GraphAttentionProblem<T> problem, T* result, T* weights, uint* signs, T* dResult, in GraphAttentionGradients<T> gradients,
            T* scores, T* scratch)
    {
        int columns = problem.Columns;
        int features = problem.EdgeColumns;
        T* attention = scratch;
        T* featureSums = attention + columns;
        T* productScratch = featureSums + (features * columns);
        T* rows = gradients.EdgeFeatures is null ? null : productScratch + MatrixProduct.ScratchLength<T>(features, columns);
        new Span<T>(attention, columns).Clear();
        for (int node = 0; node < problem.Nodes;)
        {
            int end = GraphAttentionKernel.BlockEnd(problem, node);
            int first = problem.Incoming[node];
            int edges = problem.Incoming[end] - first;
            new Span<T>(featureSums, features * columns).Clear();
            for (; node < end; node++)
            {
                int begin = problem.Incoming[node];
                int count = problem.Incoming[node + 1] - begin;
                if (count == 0)
                {
                    continue;
                }

                T* upstream = dResult + ((nint)node * columns);
                T* nodeScores = scores + ((nint)begin * THeads.Value);
                WeightGradients(problem, upstream, problem.Sources + begin, count, nodeScores);
                ScoreGradients(weights + ((nint)begin * THeads.Value), upstream, result + ((nint)node * columns), columns, count,
                    nodeScores);
                T* right = gradients.Right is null ? null : gradients.Right + ((nint)node * columns);
                Targets(problem, node, begin, count, nodeScores, signs, right, attention, featureSums, rows is null ? null
                    : rows + ((nint)(begin - first) * columns));
            }

            Features(problem, featureSums, attention, gradients.EdgeWeights);
            if (rows is not null)
            {
                MatrixProduct<TLanes, T>.InputGradient(
                    edges, features, columns, rows, problem.EdgeWeights, gradients.EdgeFeatures + ((nint)first * features), productScratch);
            }
        }

        for (int column = 0; column < columns; column += 2 * TLanes.Count)
        {
            Sources(problem, column, weights, scores, signs, dResult, attention, gradients.Left);
        }

        if (gradients.Attention is not null)
        {
            Elementwise<TLanes, T>.Accumulate(attention, attention, gradients.Attention, columns, new Scaling<T>(T.One));
        }
    }

    // The gradients of the softmax weights: dot products of the upstream gradient with the source rows, head by head.
    private static void WeightGradients(in GraphAttentionProblem<T> problem, T* upstream, int* sources, int count, T* gradients)
    {
        nint columns = problem.Columns;
        for (int column = 0; column < columns; column += 2 * TLanes.Count)
        {
            TLanes upstream0 = TLanes.Load(upstream + column);
            TLanes upstream1 = TLanes.Load(upstream + column + TLanes.Count);
            T* left = problem.Left + column;
            T* gradient = gradients;
            bool accumulate = column > 0;
            for (int edge = 0; edge < count; edge++)
            {
                T* source = left + (sources[edge] * columns);
                TLanes sum = TLanes.MultiplyAdd(upstream1, TLanes.Load(source + TLanes.Count), upstream0 * TLanes.Load(source));
                TLanes.StoreFolded(sum, gradient, THeads.Value, accumulate);
                gradient += THeads.Value;
            }
        }
    }

    // Through the softmax: ds = w (dw - sum of w dw), and that sum is the dot product of the result with its gradient.
    private static void ScoreGradients(T* weights, T* upstream, T* result, int columns, int count, T* gradients)
    {
        T* heads = stackalloc T[16];
        TLanes sum = default;
        for (int column = 0; column < columns; column += TLanes.Count)
        {
            sum = TLanes.MultiplyAdd(TLanes.Load(upstream + column), TLanes.Load(result + column), sum);
        }

        TLanes.StoreFolded(sum, heads, THeads.Value, accumulate: false);
        TLanes mean = TLanes.LoadRepeated(heads, THeads.Value);
        int length = count * THeads.Value;
        for (int i = 0; i < length; i += TLanes.Count)
        {
            TLanes.Store(TLanes.Load(weights + i) * (TLanes.Load(gradients + i) - mean), gradients + i);
        }
    }

    // Sums of q over the incoming edges of a node, and over edges times their features.
    private static void Targets(in GraphAttentionProblem<T> problem, int node, int begin, int count, T* scores, uint* signs,
        T* rightGradient, T* attentionGradient, T* featureSums, T* rows)
    {
        nint columns = problem.Columns;
        int features = problem.EdgeColumns;
        nint pairs = columns / (2 * TLanes.Count);
        TLanes slope = TLanes.Broadcast(problem.Slope);
        for (int column = 0; column < columns; column += 2 * TLanes.Count)
        {
            TLanes sum0 = default;
            TLanes sum1 = default;
            T* feature = problem.EdgeFeatures + ((nint)begin * features);
            byte* use = problem.Use is null ? null : problem.Use + begin;
            T* score = scores;
            uint* sign = signs + (begin * pairs) + (column / (2 * TLanes.Count));
            int edge = 0;
            for (; edge + 4 <= count; edge += 4)
            {
                Slopes(score, sign, slope, out TLanes q00, out TLanes q01);
                Slopes(score + THeads.Value, sign + pairs, slope, out TLanes q10, out TLanes q11);
                Slopes(score + (2 * THeads.Value), sign + (2 * pairs), slope, out TLanes q20, out TLanes q21);
                Slopes(score + (3 * THeads.Value), sign + (3 * pairs), slope, out TLanes q30, out TLanes q31);
                sum0 += q00 + q10 + (q20 + q30);
                sum1 += q01 + q11 + (q21 + q31);
                T* feature1 = feature + features;
                T* feature2 = feature1 + features;
                T* feature3 = feature2 + features;
                for (int block = 0; block < features; block += 32)
                {
                    for (uint used = GraphAttentionKernel.UsedFeatures(use, features, block); used != 0; used &= used - 1)
                    {
                        nint f = block + BitOperations.TrailingZeroCount(used);
                        T* total = featureSums + column + (f * columns);
                        TLanes x = TLanes.Broadcast(feature[f]);
                        TLanes total0 = TLanes.MultiplyAdd(x, q00, TLanes.Load(total));
                        TLanes total1 = TLanes.MultiplyAdd(x, q01, TLanes.Load(total + TLanes.Count));
                        x = TLanes.Broadcast(feature1[f]);
                        total0 = TLanes.MultiplyAdd(x, q10, total0);
                        total1 = TLanes.MultiplyAdd(x, q11, total1);
                        x = TLanes.Broadcast(feature2[f]);
                        total0 = TLanes.MultiplyAdd(x, q20, total0);
                        total1 = TLanes.MultiplyAdd(x, q21, total1);
                        x = TLanes.Broadcast(feature3[f]);
                        TLanes.Store(TLanes.MultiplyAdd(x, q30, total0), total);
                        TLanes.Store(TLanes.MultiplyAdd(x, q31, total1), total + TLanes.Count);
                    }
                }

                feature = feature3 + features;
                use = use is null ? null : use + 4;
                score += 4 * THeads.Value;
                sign += 4 * pairs;
            }

            for (; edge < count; edge++)
            {
                Slopes(score, sign, slope, out TLanes q0, out TLanes q1);
                sum0 += q0;
                sum1 += q1;
                T* total = featureSums + column;
                for (nint f = 0; f < features; f++)
                {
                    TLanes x = TLanes.Broadcast(feature[f]);
                    TLanes.Store(TLanes.MultiplyAdd(x, q0, TLanes.Load(total)), total);
                    TLanes.Store(TLanes.MultiplyAdd(x, q1, TLanes.Load(total + TLanes.Count)), total + TLanes.Count);
                    total += columns;
                }

                feature += features;
                score += THeads.Value;
                sign += pairs;
            }

            if (rows is not null)
            {
                Rows(problem, column, count, scores, signs + (begin * pairs) + (column / (2 * TLanes.Count)), rows);
            }

            Share(problem.Attention + column, problem.Right + (node * columns) + column, sum0, attentionGradient + column,
                rightGradient is null ? null : rightGradient + column);
            Share(problem.Attention + column + TLanes.Count, problem.Right + (node * columns) + column + TLanes.Count, sum1,
                attentionGradient + column + TLanes.Count, rightGradient is null ? null : rightGradient + column + TLanes.Count);
        }
    }

    // Attention x q of every edge, for the gradient of the edge features where one is wanted.
    private static void Rows(in GraphAttentionProblem<T> problem, int column, int count, T* scores, uint* signs, T* rows)
    {
        nint columns = problem.Columns;
        nint pairs = columns / (2 * TLanes.Count);
        TLanes slope = TLanes.Broadcast(problem.Slope);
        TLanes attention0 = TLanes.Load(problem.Attention + column);
        TLanes attention1 = TLanes.Load(problem.Attention + column + TLanes.Count);
        for (nint edge = 0; edge < count; edge++)
        {
            Slopes(scores + (edge * THeads.Value), signs + (edge * pairs), slope, out TLanes q0, out TLanes q1);
            TLanes.Store(attention0 * q0, rows + (edge * columns) + column);
            TLanes.Store(attention1 * q1, rows + (edge * columns) + column + TLanes.Count);
        }
    }

    // Edge weights from sums of q times features: once a block.
    private static void Features(in GraphAttentionProblem<T> problem, T* featureSums, T* attentionGradient, T* gradients)
    {
        int columns = problem.Columns;
        for (int f = 0; f < problem.EdgeColumns; f++)
        {
            nint row = (nint)f * columns;
            for (int column = 0; column < columns; column += TLanes.Count)
            {
                TLanes sum = TLanes.Load(featureSums + row + column);
                Share(problem.Attention + column, problem.EdgeWeights + row + column, sum, attentionGradient + column, gradients is null
                    ? null : gradients + row + column);
            }
        }
    }

    // Attention times x lies in the argument of the rectifier: a sum of q is shared out to both.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Share(T* attention, T* x, TLanes sum, T* attentionGradient, T* gradient)
    {
        TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(x), sum, TLanes.Load(attentionGradient)), attentionGradient);
        if (gradient is not null)
        {
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(attention), sum, TLanes.Load(gradient)), gradient);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Slopes(T* score, uint* sign, TLanes slope, out TLanes lower, out TLanes upper)
    {
        TLanes share = TLanes.LoadRepeated(score, THeads.Value);
        TLanes bits = TLanes.RepeatBits(sign);
        TLanes less = share * slope;
        lower = TLanes.SelectRepeated(bits, upper: false, share, less);
        upper = TLanes.SelectRepeated(bits, upper: true, share, less);
    }

    private static void Sources(in GraphAttentionProblem<T> problem, int column, T* weights, T* scores, uint* signs, T* dResult,
        T* attentionGradient, T* gradients)
    {
        nint columns = problem.Columns;
        nint pairs = columns / (2 * TLanes.Count);
        TLanes slope = TLanes.Broadcast(problem.Slope);
        TLanes attention0 = TLanes.Load(problem.Attention + column);
        TLanes attention1 = TLanes.Load(problem.Attention + column + TLanes.Count);
        TLanes attentionSum0 = TLanes.Load(attentionGradient + column);
        TLanes attentionSum1 = TLanes.Load(attentionGradient + column + TLanes.Count);
        int* order = problem.OutgoingEdges;
        int* targets = problem.Targets;
        T* left = problem.Left + column;
        signs += column / (2 * TLanes.Count);
        dResult += column;
        for (int node = 0; node < problem.Nodes; node++)
        {
            TLanes sum0 = default;
            TLanes sum1 = default;
            TLanes direct0 = default;
            TLanes direct1 = default;
            int end = problem.Outgoing[node + 1];
            for (int place = problem.Outgoing[node]; place < end; place++)
            {
                nint edge = order[place];
                T* upstream = dResult + (targets[edge] * columns);
                Slopes(scores + (edge * THeads.Value), signs + (edge * pairs), slope, out TLanes q0, out TLanes q1);
                TLanes weight = TLanes.LoadRepeated(weights + (edge * THeads.Value), THeads.Value);
                sum0 += q0;
                sum1 += q1;
                direct0 = TLanes.MultiplyAdd(weight, TLanes.Load(upstream), direct0);
                direct1 = TLanes.MultiplyAdd(weight, TLanes.Load(upstream + TLanes.Count), direct1);
            }

            attentionSum0 = TLanes.MultiplyAdd(TLanes.Load(left), sum0, attentionSum0);
            attentionSum1 = TLanes.MultiplyAdd(TLanes.Load(left + TLanes.Count), sum1, attentionSum1);
            left += columns;
            if (gradients is not null)
            {
                T* gradient = gradients + (node * columns) + column;
                TLanes.Store(TLanes.Load(gradient) + TLanes.MultiplyAdd(attention0, sum0, direct0), gradient);
                TLanes.Store(TLanes.Load(gradient + TLanes.Count) + TLanes.MultiplyAdd(attention1, sum1, direct1),
                    gradient + TLanes.Count);
            }
        }

        TLanes.Store(attentionSum0, attentionGradient + column);
        TLanes.Store(attentionSum1, attentionGradient + column + TLanes.Count);
    }
}
