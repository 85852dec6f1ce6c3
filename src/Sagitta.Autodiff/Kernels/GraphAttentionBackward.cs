using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The backward pass at one vector width and number of heads. With q = (gradient of the score) x (slope of the rectifier), column by
/// column, the gradient of what is rectified is attention x q, and every gradient follows from sums of q: over the incoming edges of a
/// node, over its outgoing edges, and over all edges times a feature. The signs that the forward pass kept give q from one number a head,
/// so nothing is projected or gathered again, and the second walk, by source, makes scattering unnecessary.
/// </summary>
internal static unsafe class GraphAttentionBackward<TWidth, TVector, T, THeads>
    where TWidth : struct, IVectorWidth<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where THeads : struct, IHeadCount
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
                MatrixProduct<TWidth, TVector, T>.InputGradient(
                    edges, features, columns, rows, problem.EdgeWeights, gradients.EdgeFeatures + ((nint)first * features), productScratch);
            }
        }

        for (int column = 0; column < columns; column += 2 * TWidth.Lanes)
        {
            Sources(problem, column, weights, scores, signs, dResult, attention, gradients.Left);
        }

        if (gradients.Attention is not null)
        {
            Elementwise<TWidth, TVector, T>.Accumulate(attention, attention, gradients.Attention, columns, new ScaledSecond<T>(T.One));
        }
    }

    // The gradients of the softmax weights: dot products of the upstream gradient with the source rows, head by head.
    private static void WeightGradients(in GraphAttentionProblem<T> problem, T* upstream, int* sources, int count, T* gradients)
    {
        nint columns = problem.Columns;
        for (int column = 0; column < columns; column += 2 * TWidth.Lanes)
        {
            TVector upstream0 = TWidth.Load(upstream + column);
            TVector upstream1 = TWidth.Load(upstream + column + TWidth.Lanes);
            T* left = problem.Left + column;
            T* gradient = gradients;
            bool accumulate = column > 0;
            for (int edge = 0; edge < count; edge++)
            {
                T* source = left + (sources[edge] * columns);
                TVector sum = TWidth.MultiplyAdd(upstream1, TWidth.Load(source + TWidth.Lanes),
                    TWidth.Multiply(upstream0, TWidth.Load(source)));
                TWidth.StoreFolded(sum, gradient, THeads.Value, accumulate);
                gradient += THeads.Value;
            }
        }
    }

    // Through the softmax: ds = w (dw - sum of w dw), and that sum is the dot product of the result with its gradient.
    private static void ScoreGradients(T* weights, T* upstream, T* result, int columns, int count, T* gradients)
    {
        T* heads = stackalloc T[16];
        TVector sum = default;
        for (int column = 0; column < columns; column += TWidth.Lanes)
        {
            sum = TWidth.MultiplyAdd(TWidth.Load(upstream + column), TWidth.Load(result + column), sum);
        }

        TWidth.StoreFolded(sum, heads, THeads.Value, accumulate: false);
        TVector mean = TWidth.LoadRepeated(heads, THeads.Value);
        int length = count * THeads.Value;
        for (int i = 0; i < length; i += TWidth.Lanes)
        {
            TWidth.Store(TWidth.Multiply(TWidth.Load(weights + i), TWidth.Subtract(TWidth.Load(gradients + i), mean)), gradients + i);
        }
    }

    // Sums of q over the incoming edges of a node, and over edges times their features.
    private static void Targets(
        in GraphAttentionProblem<T> problem,
        int node,
        int begin,
        int count,
        T* scores,
        uint* signs,
        T* rightGradient,
        T* attentionGradient,
        T* featureSums,
        T* rows)
    {
        nint columns = problem.Columns;
        int features = problem.EdgeColumns;
        nint pairs = columns / (2 * TWidth.Lanes);
        TVector slope = TWidth.Create(problem.Slope);
        for (int column = 0; column < columns; column += 2 * TWidth.Lanes)
        {
            TVector sum0 = default;
            TVector sum1 = default;
            T* feature = problem.EdgeFeatures + ((nint)begin * features);
            byte* use = problem.Use is null ? null : problem.Use + begin;
            T* score = scores;
            uint* sign = signs + (begin * pairs) + (column / (2 * TWidth.Lanes));
            int edge = 0;
            for (; edge + 4 <= count; edge += 4)
            {
                (TVector q00, TVector q01) = Slopes(score, sign, slope);
                (TVector q10, TVector q11) = Slopes(score + THeads.Value, sign + pairs, slope);
                (TVector q20, TVector q21) = Slopes(score + (2 * THeads.Value), sign + (2 * pairs), slope);
                (TVector q30, TVector q31) = Slopes(score + (3 * THeads.Value), sign + (3 * pairs), slope);
                sum0 = TWidth.Add(sum0, TWidth.Add(TWidth.Add(q00, q10), TWidth.Add(q20, q30)));
                sum1 = TWidth.Add(sum1, TWidth.Add(TWidth.Add(q01, q11), TWidth.Add(q21, q31)));
                T* feature1 = feature + features;
                T* feature2 = feature1 + features;
                T* feature3 = feature2 + features;
                for (int block = 0; block < features; block += 32)
                {
                    for (uint used = GraphAttentionKernel.UsedFeatures(use, features, block); used != 0; used &= used - 1)
                    {
                        nint f = block + BitOperations.TrailingZeroCount(used);
                        T* total = featureSums + column + (f * columns);
                        TVector x = TWidth.Create(feature[f]);
                        TVector total0 = TWidth.MultiplyAdd(x, q00, TWidth.Load(total));
                        TVector total1 = TWidth.MultiplyAdd(x, q01, TWidth.Load(total + TWidth.Lanes));
                        x = TWidth.Create(feature1[f]);
                        total0 = TWidth.MultiplyAdd(x, q10, total0);
                        total1 = TWidth.MultiplyAdd(x, q11, total1);
                        x = TWidth.Create(feature2[f]);
                        total0 = TWidth.MultiplyAdd(x, q20, total0);
                        total1 = TWidth.MultiplyAdd(x, q21, total1);
                        x = TWidth.Create(feature3[f]);
                        TWidth.Store(TWidth.MultiplyAdd(x, q30, total0), total);
                        TWidth.Store(TWidth.MultiplyAdd(x, q31, total1), total + TWidth.Lanes);
                    }
                }

                feature = feature3 + features;
                use = use is null ? null : use + 4;
                score += 4 * THeads.Value;
                sign += 4 * pairs;
            }

            for (; edge < count; edge++)
            {
                (TVector q0, TVector q1) = Slopes(score, sign, slope);
                sum0 = TWidth.Add(sum0, q0);
                sum1 = TWidth.Add(sum1, q1);
                T* total = featureSums + column;
                for (nint f = 0; f < features; f++)
                {
                    TVector x = TWidth.Create(feature[f]);
                    TWidth.Store(TWidth.MultiplyAdd(x, q0, TWidth.Load(total)), total);
                    TWidth.Store(TWidth.MultiplyAdd(x, q1, TWidth.Load(total + TWidth.Lanes)), total + TWidth.Lanes);
                    total += columns;
                }

                feature += features;
                score += THeads.Value;
                sign += pairs;
            }

            if (rows is not null)
            {
                Rows(problem, column, count, scores, signs + (begin * pairs) + (column / (2 * TWidth.Lanes)), rows);
            }

            Share(problem.Attention + column, problem.Right + (node * columns) + column, sum0, attentionGradient + column,
                rightGradient is null ? null : rightGradient + column);
            Share(
                problem.Attention + column + TWidth.Lanes,
                problem.Right + (node * columns) + column + TWidth.Lanes,
                sum1,
                attentionGradient + column + TWidth.Lanes,
                rightGradient is null ? null : rightGradient + column + TWidth.Lanes);
        }
    }

    // Attention x q of every edge, for the gradient of the edge features where one is wanted.
    private static void Rows(in GraphAttentionProblem<T> problem, int column, int count, T* scores, uint* signs, T* rows)
    {
        nint columns = problem.Columns;
        nint pairs = columns / (2 * TWidth.Lanes);
        TVector slope = TWidth.Create(problem.Slope);
        TVector attention0 = TWidth.Load(problem.Attention + column);
        TVector attention1 = TWidth.Load(problem.Attention + column + TWidth.Lanes);
        for (nint edge = 0; edge < count; edge++)
        {
            (TVector q0, TVector q1) = Slopes(scores + (edge * THeads.Value), signs + (edge * pairs), slope);
            TWidth.Store(TWidth.Multiply(attention0, q0), rows + (edge * columns) + column);
            TWidth.Store(TWidth.Multiply(attention1, q1), rows + (edge * columns) + column + TWidth.Lanes);
        }
    }

    // Edge weights from sums of q times features: once a block.
    private static void Features(in GraphAttentionProblem<T> problem, T* featureSums, T* attentionGradient, T* gradients)
    {
        int columns = problem.Columns;
        for (int f = 0; f < problem.EdgeColumns; f++)
        {
            nint row = (nint)f * columns;
            for (int column = 0; column < columns; column += TWidth.Lanes)
            {
                TVector sum = TWidth.Load(featureSums + row + column);
                Share(problem.Attention + column, problem.EdgeWeights + row + column, sum, attentionGradient + column, gradients is null
                    ? null : gradients + row + column);
            }
        }
    }

    // Attention times x lies in the argument of the rectifier: a sum of q is shared out to both.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Share(T* attention, T* x, TVector sum, T* attentionGradient, T* gradient)
    {
        TWidth.Store(TWidth.MultiplyAdd(TWidth.Load(x), sum, TWidth.Load(attentionGradient)), attentionGradient);
        if (gradient is not null)
        {
            TWidth.Store(TWidth.MultiplyAdd(TWidth.Load(attention), sum, TWidth.Load(gradient)), gradient);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector Lower, TVector Upper) Slopes(T* score, uint* sign, TVector slope)
    {
        TVector share = TWidth.LoadRepeated(score, THeads.Value);
        TVector bits = TWidth.RepeatBits(sign);
        TVector less = TWidth.Multiply(share, slope);
        return (TWidth.SelectRepeated(bits, upper: false, share, less), TWidth.SelectRepeated(bits, upper: true, share, less));
    }

    private static void Sources(in GraphAttentionProblem<T> problem, int column, T* weights, T* scores, uint* signs, T* dResult,
        T* attentionGradient, T* gradients)
    {
        nint columns = problem.Columns;
        nint pairs = columns / (2 * TWidth.Lanes);
        TVector slope = TWidth.Create(problem.Slope);
        TVector attention0 = TWidth.Load(problem.Attention + column);
        TVector attention1 = TWidth.Load(problem.Attention + column + TWidth.Lanes);
        TVector attentionSum0 = TWidth.Load(attentionGradient + column);
        TVector attentionSum1 = TWidth.Load(attentionGradient + column + TWidth.Lanes);
        int* order = problem.OutgoingEdges;
        int* targets = problem.Targets;
        T* left = problem.Left + column;
        signs += column / (2 * TWidth.Lanes);
        dResult += column;
        for (int node = 0; node < problem.Nodes; node++)
        {
            TVector sum0 = default;
            TVector sum1 = default;
            TVector direct0 = default;
            TVector direct1 = default;
            int end = problem.Outgoing[node + 1];
            for (int place = problem.Outgoing[node]; place < end; place++)
            {
                nint edge = order[place];
                T* upstream = dResult + (targets[edge] * columns);
                (TVector q0, TVector q1) = Slopes(scores + (edge * THeads.Value), signs + (edge * pairs), slope);
                TVector weight = TWidth.LoadRepeated(weights + (edge * THeads.Value), THeads.Value);
                sum0 = TWidth.Add(sum0, q0);
                sum1 = TWidth.Add(sum1, q1);
                direct0 = TWidth.MultiplyAdd(weight, TWidth.Load(upstream), direct0);
                direct1 = TWidth.MultiplyAdd(weight, TWidth.Load(upstream + TWidth.Lanes), direct1);
            }

            attentionSum0 = TWidth.MultiplyAdd(TWidth.Load(left), sum0, attentionSum0);
            attentionSum1 = TWidth.MultiplyAdd(TWidth.Load(left + TWidth.Lanes), sum1, attentionSum1);
            left += columns;
            if (gradients is not null)
            {
                T* gradient = gradients + (node * columns) + column;
                TWidth.Store(TWidth.Add(TWidth.Load(gradient), TWidth.MultiplyAdd(attention0, sum0, direct0)), gradient);
                TWidth.Store(TWidth.Add(TWidth.Load(gradient + TWidth.Lanes), TWidth.MultiplyAdd(attention1, sum1, direct1)),
                    gradient + TWidth.Lanes);
            }
        }

        TWidth.Store(attentionSum0, attentionGradient + column);
        TWidth.Store(attentionSum1, attentionGradient + column + TWidth.Lanes);
    }
}
