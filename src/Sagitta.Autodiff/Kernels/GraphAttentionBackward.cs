using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The backward pass at one vector width and number of heads. First by target, in the blocks of the forward pass: scores are computed
/// again, and what belongs to targets, edges and parameters is summed. Then by source: what belongs to a source is summed over its
/// outgoing edges from two numbers a head and a sign a column that the first walk left, so nothing is scattered.
/// </summary>
internal static unsafe class GraphAttentionBackward<TWidth, TVector, T, THeads>
    where TWidth : struct, IVectorWidth<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where THeads : struct, IHeadCount
{
    internal static void Run(
        in GraphAttentionProblem<T> problem, T* result, T* weights, T* dResult, in GraphAttentionGradients<T> gradients, T* scores, uint* signs, T* scratch)
    {
        int columns = problem.Columns;
        int features = problem.EdgeColumns;
        T* attention = stackalloc T[columns];
        T* productScratch = scratch;
        T* projected = scratch + (MatrixProduct.ScratchLength<T>(features, columns) + 15) / 16 * 16;
        new Span<T>(attention, columns).Clear();
        for (int node = 0; node < problem.Nodes;)
        {
            int end = GraphAttentionKernel.BlockEnd(problem, node);
            int first = problem.Incoming[node];
            int edges = problem.Incoming[end] - first;
            T* blockFeatures = problem.EdgeFeatures + ((nint)first * features);
            MatrixTiles<TWidth, TVector, T>.Multiply(
                edges, columns, new(features, features, 1, columns, columns, false), blockFeatures, problem.EdgeWeights, projected, null);
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
                int* sources = problem.Sources + begin;
                WeightGradients(problem, upstream, sources, count, nodeScores);
                ScoreGradients(weights + ((nint)begin * THeads.Value), upstream, result + ((nint)node * columns), columns, count, nodeScores);
                T* right = gradients.Right is null ? null : gradients.Right + ((nint)node * columns);
                uint* nodeSigns = signs + ((nint)begin * (columns / (2 * TWidth.Lanes)));
                Sums(problem, node, sources, count, nodeScores, projected + ((nint)(begin - first) * columns), right, attention, nodeSigns);
            }

            if (gradients.EdgeWeights is not null)
            {
                MatrixProduct<TWidth, TVector, T>.WeightGradient(edges, features, columns, blockFeatures, projected, gradients.EdgeWeights, productScratch, Math.Max(1, edges));
            }

            if (gradients.EdgeFeatures is not null)
            {
                MatrixProduct<TWidth, TVector, T>.InputGradient(
                    edges, features, columns, projected, problem.EdgeWeights, gradients.EdgeFeatures + ((nint)first * features), productScratch);
            }
        }

        if (gradients.Attention is not null)
        {
            for (int column = 0; column < columns; column++)
            {
                gradients.Attention[column] += attention[column];
            }
        }

        if (gradients.Left is not null)
        {
            for (int column = 0; column < columns; column += 2 * TWidth.Lanes)
            {
                Sources(problem, column, weights, scores, signs, dResult, gradients.Left);
            }
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
                TVector sum = TWidth.MultiplyAdd(upstream1, TWidth.Load(source + TWidth.Lanes), TWidth.Multiply(upstream0, TWidth.Load(source)));
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

    private static void Sums(
        in GraphAttentionProblem<T> problem, int node, int* sources, int count, T* scores, T* projected, T* rightGradient, T* attentionGradient, uint* signs)
    {
        nint columns = problem.Columns;
        nint pairs = columns / (2 * TWidth.Lanes);
        T* right = problem.Right + (node * columns);
        TVector slope = TWidth.Create(problem.Slope);
        for (int column = 0; column < columns; column += 2 * TWidth.Lanes)
        {
            TVector right0 = TWidth.Load(right + column);
            TVector right1 = TWidth.Load(right + column + TWidth.Lanes);
            TVector positive0 = TWidth.Load(problem.Attention + column);
            TVector positive1 = TWidth.Load(problem.Attention + column + TWidth.Lanes);
            TVector negative0 = TWidth.Multiply(positive0, slope);
            TVector negative1 = TWidth.Multiply(positive1, slope);
            TVector attention0 = TWidth.Load(attentionGradient + column);
            TVector attention1 = TWidth.Load(attentionGradient + column + TWidth.Lanes);
            TVector sum0 = default;
            TVector sum1 = default;
            T* left = problem.Left + column;
            T* line = projected + column;
            T* score = scores;
            uint* sign = signs;
            for (int edge = 0; edge < count; edge++)
            {
                T* source = left + (sources[edge] * columns);
                TVector share = TWidth.LoadRepeated(score, THeads.Value);
                TVector z0 = TWidth.Add(TWidth.Add(TWidth.Load(line), right0), TWidth.Load(source));
                TVector z1 = TWidth.Add(TWidth.Add(TWidth.Load(line + TWidth.Lanes), right1), TWidth.Load(source + TWidth.Lanes));
                *sign = TWidth.PositiveBits(z0) | (TWidth.PositiveBits(z1) << TWidth.Lanes);
                attention0 = TWidth.MultiplyAdd(share, TWidth.SelectPositive(z0, z0, TWidth.Multiply(z0, slope)), attention0);
                attention1 = TWidth.MultiplyAdd(share, TWidth.SelectPositive(z1, z1, TWidth.Multiply(z1, slope)), attention1);
                z0 = TWidth.Multiply(share, TWidth.SelectPositive(z0, positive0, negative0));
                z1 = TWidth.Multiply(share, TWidth.SelectPositive(z1, positive1, negative1));
                TWidth.Store(z0, line);
                TWidth.Store(z1, line + TWidth.Lanes);
                sum0 = TWidth.Add(sum0, z0);
                sum1 = TWidth.Add(sum1, z1);
                line += columns;
                score += THeads.Value;
                sign += pairs;
            }

            signs++;
            TWidth.Store(attention0, attentionGradient + column);
            TWidth.Store(attention1, attentionGradient + column + TWidth.Lanes);
            if (rightGradient is not null)
            {
                TWidth.Store(TWidth.Add(TWidth.Load(rightGradient + column), sum0), rightGradient + column);
                TWidth.Store(TWidth.Add(TWidth.Load(rightGradient + column + TWidth.Lanes), sum1), rightGradient + column + TWidth.Lanes);
            }
        }
    }

    private static void Sources(in GraphAttentionProblem<T> problem, int column, T* weights, T* scores, uint* signs, T* dResult, T* gradients)
    {
        nint columns = problem.Columns;
        nint pairs = columns / (2 * TWidth.Lanes);
        TVector slope = TWidth.Create(problem.Slope);
        TVector positive0 = TWidth.Load(problem.Attention + column);
        TVector positive1 = TWidth.Load(problem.Attention + column + TWidth.Lanes);
        TVector negative0 = TWidth.Multiply(positive0, slope);
        TVector negative1 = TWidth.Multiply(positive1, slope);
        int* order = problem.OutgoingEdges;
        int* targets = problem.Targets;
        signs += column / (2 * TWidth.Lanes);
        dResult += column;
        gradients += column;
        for (int node = 0; node < problem.Nodes; node++)
        {
            TVector sum0 = TWidth.Load(gradients);
            TVector sum1 = TWidth.Load(gradients + TWidth.Lanes);
            int end = problem.Outgoing[node + 1];
            for (int place = problem.Outgoing[node]; place < end; place++)
            {
                nint edge = order[place];
                T* upstream = dResult + (targets[edge] * columns);
                uint sign = signs[edge * pairs];
                TVector score = TWidth.LoadRepeated(scores + (edge * THeads.Value), THeads.Value);
                TVector weight = TWidth.LoadRepeated(weights + (edge * THeads.Value), THeads.Value);
                sum0 = TWidth.MultiplyAdd(score, TWidth.SelectBits(sign, positive0, negative0), sum0);
                sum1 = TWidth.MultiplyAdd(score, TWidth.SelectBits(sign >> TWidth.Lanes, positive1, negative1), sum1);
                sum0 = TWidth.MultiplyAdd(weight, TWidth.Load(upstream), sum0);
                sum1 = TWidth.MultiplyAdd(weight, TWidth.Load(upstream + TWidth.Lanes), sum1);
            }

            TWidth.Store(sum0, gradients);
            TWidth.Store(sum1, gradients + TWidth.Lanes);
            gradients += columns;
        }
    }
}
