using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The forward pass at one vector width and number of heads. Each node scores, normalises and sums its incoming edges; the projection of
/// the edge features is part of the score, four edges at a time, so nothing of size edges x columns is ever written.
/// </summary>
internal static unsafe class GraphAttentionForward<TLanes, T, THeads>
    where TLanes : unmanaged, IHeadLanes<TLanes, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where THeads : struct, ICount
{
    // A whole vector for each edge of a block, four edges that are written beyond the last, and what goes to the first border of 64 bytes.
    private const int Room = (GraphAttentionKernel.BlockEdges + 4 + 1) * GraphAttentionKernel.WeightPadding;

    /// <summary>Fills result and weights and, unless null, the signs that the backward pass wants.</summary>
    [SkipLocalsInit]
    internal static void Run(in GraphAttentionProblem<T> problem, T* result, T* weights, uint* signs)
    {
        // Scores of a block, those of each node in whole vectors of its own: no load waits for what another node stored.
        T* room = stackalloc T[Room];
        T* block = (T*)(((nuint)room + 63) & ~(nuint)63);
        for (int node = 0; node < problem.Nodes;)
        {
            int end = GraphAttentionKernel.BlockEnd(problem, node);

            // More edges than a block's are those of a single node, whose scores then stand where its weights will.
            int first = problem.Incoming[node];
            T* start = problem.Incoming[end] - first > GraphAttentionKernel.BlockEdges ? weights + ((nint)first * THeads.Value) : block;

            // Step by step over the whole block: chains of dependent instructions of one node overlap those of the next.
            T* scores = start;
            for (int i = node; i < end; i++)
            {
                scores = Score(problem, i, scores, signs);
            }

            scores = start;
            for (int i = node; i < end; i++)
            {
                scores = Normalise(problem, i, scores, weights);
            }

            for (; node < end; node++)
            {
                Sum(problem, node, weights, result);
            }
        }
    }

    // Where the scores of the node behind one of so many edges begin.
    private static T* Behind(T* scores, int edges) =>
        scores + (((edges * THeads.Value) + TLanes.Count - 1) / TLanes.Count * TLanes.Count);

    private static T* Score(in GraphAttentionProblem<T> problem, int node, T* scores, uint* signs)
    {
        int begin = problem.Incoming[node];
        int count = problem.Incoming[node + 1] - begin;
        nint columns = problem.Columns;
        int features = problem.EdgeColumns;
        nint pairs = columns / (2 * TLanes.Count);
        int* sources = problem.Sources + begin;
        T* right = problem.Right + (node * columns);
        TLanes slope = TLanes.Broadcast(problem.Slope);
        for (int column = 0; column < columns; column += 2 * TLanes.Count)
        {
            TLanes right0 = TLanes.Load(right + column);
            TLanes right1 = TLanes.Load(right + column + TLanes.Count);
            TLanes attention0 = TLanes.Load(problem.Attention + column);
            TLanes attention1 = TLanes.Load(problem.Attention + column + TLanes.Count);
            T* left = problem.Left + column;
            T* projection = problem.EdgeWeights + column;
            T* feature = problem.EdgeFeatures + ((nint)begin * features);
            byte* use = problem.Use is null ? null : problem.Use + begin;
            T* score = scores;
            uint* sign = signs is null ? null : signs + (begin * pairs) + (column / (2 * TLanes.Count));
            bool accumulate = column > 0;
            int edge = 0;

            // Four edges at a time, at the end of a node with the first of the next, which writes its own afterwards: a loop over what is
            // left of each node would cost more.
            for (; edge < count && edge + 4 <= problem.Edges - begin; edge += 4)
            {
                T* source = left + (sources[edge] * columns);
                TLanes z00 = right0 + TLanes.Load(source);
                TLanes z01 = right1 + TLanes.Load(source + TLanes.Count);
                source = left + (sources[edge + 1] * columns);
                TLanes z10 = right0 + TLanes.Load(source);
                TLanes z11 = right1 + TLanes.Load(source + TLanes.Count);
                source = left + (sources[edge + 2] * columns);
                TLanes z20 = right0 + TLanes.Load(source);
                TLanes z21 = right1 + TLanes.Load(source + TLanes.Count);
                source = left + (sources[edge + 3] * columns);
                TLanes z30 = right0 + TLanes.Load(source);
                TLanes z31 = right1 + TLanes.Load(source + TLanes.Count);
                T* feature1 = feature + features;
                T* feature2 = feature1 + features;
                T* feature3 = feature2 + features;
                for (int block = 0; block < features; block += 32)
                {
                    for (uint used = GraphAttentionKernel.UsedFeatures(use, features, block); used != 0; used &= used - 1)
                    {
                        nint f = block + BitOperations.TrailingZeroCount(used);
                        T* weight = projection + (f * columns);
                        TLanes weight0 = TLanes.Load(weight);
                        TLanes weight1 = TLanes.Load(weight + TLanes.Count);
                        TLanes x = TLanes.Broadcast(feature[f]);
                        z00 = TLanes.MultiplyAdd(x, weight0, z00);
                        z01 = TLanes.MultiplyAdd(x, weight1, z01);
                        x = TLanes.Broadcast(feature1[f]);
                        z10 = TLanes.MultiplyAdd(x, weight0, z10);
                        z11 = TLanes.MultiplyAdd(x, weight1, z11);
                        x = TLanes.Broadcast(feature2[f]);
                        z20 = TLanes.MultiplyAdd(x, weight0, z20);
                        z21 = TLanes.MultiplyAdd(x, weight1, z21);
                        x = TLanes.Broadcast(feature3[f]);
                        z30 = TLanes.MultiplyAdd(x, weight0, z30);
                        z31 = TLanes.MultiplyAdd(x, weight1, z31);
                    }
                }

                if (sign is not null)
                {
                    *sign = Signs(z00, z01);
                    sign += pairs;
                    *sign = Signs(z10, z11);
                    sign += pairs;
                    *sign = Signs(z20, z21);
                    sign += pairs;
                    *sign = Signs(z30, z31);
                    sign += pairs;
                }

                TLanes.StoreFolded(Weighed(z00, z01, attention0, attention1, slope), Weighed(z10, z11, attention0, attention1, slope),
                    Weighed(z20, z21, attention0, attention1, slope), Weighed(z30, z31, attention0, attention1, slope), score,
                    THeads.Value, accumulate);
                score += 4 * THeads.Value;
                feature = feature3 + features;
                use = use is null ? null : use + 4;
            }

            // The same order of operations for what is left of the graph.
            for (; edge < count; edge++)
            {
                T* source = left + (sources[edge] * columns);
                TLanes z0 = right0 + TLanes.Load(source);
                TLanes z1 = right1 + TLanes.Load(source + TLanes.Count);
                T* weight = projection;
                for (nint f = 0; f < features; f++)
                {
                    TLanes x = TLanes.Broadcast(feature[f]);
                    z0 = TLanes.MultiplyAdd(x, TLanes.Load(weight), z0);
                    z1 = TLanes.MultiplyAdd(x, TLanes.Load(weight + TLanes.Count), z1);
                    weight += columns;
                }

                if (sign is not null)
                {
                    *sign = Signs(z0, z1);
                    sign += pairs;
                }

                TLanes.StoreFolded(Weighed(z0, z1, attention0, attention1, slope), score, THeads.Value, accumulate);
                score += THeads.Value;
                feature += features;
            }
        }

        return Behind(scores, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Signs(TLanes z0, TLanes z1) =>
        TLanes.PositiveBits(z0) | (TLanes.PositiveBits(z1) << TLanes.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Weighed(TLanes z0, TLanes z1, TLanes attention0, TLanes attention1, TLanes slope)
    {
        // The leaky rectifier, as its slope is from 0 to 1.
        z0 = TLanes.Max(z0 * slope, z0);
        z1 = TLanes.Max(z1 * slope, z1);
        return TLanes.MultiplyAdd(attention1, z1, attention0 * z0);
    }

    // Softmax over the edges of a node. Whole vectors are read and written: what lies beyond the node are the next one's weights, which are
    // written later.
    private static T* Normalise(in GraphAttentionProblem<T> problem, int node, T* scores, T* weights)
    {
        int count = problem.Incoming[node + 1] - problem.Incoming[node];
        int length = count * THeads.Value;
        weights += (nint)problem.Incoming[node] * THeads.Value;
        int whole = length / TLanes.Count * TLanes.Count;
        uint rest = (1u << (length - whole)) - 1;
        TLanes last = TLanes.Load(scores + whole);
        TLanes largest = TLanes.SelectBits(rest, last, TLanes.Broadcast(T.NegativeInfinity));
        for (int i = 0; i < whole; i += TLanes.Count)
        {
            largest = TLanes.Max(largest, TLanes.Load(scores + i));
        }

        largest = TLanes.FoldedMax(largest, THeads.Value);
        TLanes lastPower = Exponential<T>.Of<TLanes>(last - largest);
        TLanes sum = TLanes.SelectBits(rest, lastPower, default);
        for (int i = 0; i < whole; i += TLanes.Count)
        {
            TLanes power = Exponential<T>.Of<TLanes>(TLanes.Load(scores + i) - largest);
            TLanes.Store(power, weights + i);
            sum += power;
        }

        TLanes inverse = TLanes.Broadcast(T.One) / TLanes.Folded(sum, THeads.Value);
        for (int i = 0; i < whole; i += TLanes.Count)
        {
            TLanes.Store(TLanes.Load(weights + i) * inverse, weights + i);
        }

        TLanes.Store(lastPower * inverse, weights + whole);
        return Behind(scores, count);
    }

    private static void Sum(in GraphAttentionProblem<T> problem, int node, T* weights, T* result)
    {
        nint columns = problem.Columns;
        int begin = problem.Incoming[node];
        int count = problem.Incoming[node + 1] - begin;
        int* sources = problem.Sources + begin;
        weights += (nint)begin * THeads.Value;
        result += node * columns;
        for (int column = 0; column < columns; column += 2 * TLanes.Count)
        {
            TLanes sum0 = default;
            TLanes sum1 = default;
            T* left = problem.Left + column;
            T* weight = weights;
            for (int edge = 0; edge < count; edge++)
            {
                T* source = left + (sources[edge] * columns);
                TLanes share = TLanes.LoadRepeated(weight, THeads.Value);
                sum0 = TLanes.MultiplyAdd(share, TLanes.Load(source), sum0);
                sum1 = TLanes.MultiplyAdd(share, TLanes.Load(source + TLanes.Count), sum1);
                weight += THeads.Value;
            }

            TLanes.Store(sum0, result + column);
            TLanes.Store(sum1, result + column + TLanes.Count);
        }
    }
}
