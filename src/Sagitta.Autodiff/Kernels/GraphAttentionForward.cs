using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The forward pass at one vector width and number of heads. Each node scores, normalises and sums its incoming edges; the projection of
/// the edge features is part of the score, four edges at a time, so nothing of size edges x columns is ever written.
/// </summary>
internal static unsafe class GraphAttentionForward<TWidth, TVector, T, THeads>
    where TWidth : struct, IVectorWidth<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where THeads : struct, IHeadCount
{
    /// <summary>Fills result and weights and, unless null, the signs that the backward pass wants.</summary>
    internal static void Run(in GraphAttentionProblem<T> problem, T* result, T* weights, uint* signs)
    {
        int columns = problem.Columns;
        for (int node = 0; node < problem.Nodes;)
        {
            int end = GraphAttentionKernel.BlockEnd(problem, node);

            // Step by step over the whole block: chains of dependent instructions of one node overlap those of the next.
            for (int i = node; i < end; i++)
            {
                int begin = problem.Incoming[i];
                Score(problem, i, begin, problem.Incoming[i + 1] - begin, weights + ((nint)begin * THeads.Value), signs);
            }

            for (int i = node; i < end; i++)
            {
                int begin = problem.Incoming[i];
                Normalise(weights + ((nint)begin * THeads.Value), problem.Incoming[i + 1] - begin);
            }

            for (; node < end; node++)
            {
                int begin = problem.Incoming[node];
                Sum(problem, weights + ((nint)begin * THeads.Value), problem.Sources + begin, problem.Incoming[node + 1] - begin,
                    result + ((nint)node * columns));
            }
        }
    }

    private static void Score(in GraphAttentionProblem<T> problem, int node, int begin, int count, T* scores, uint* signs)
    {
        nint columns = problem.Columns;
        int features = problem.EdgeColumns;
        nint pairs = columns / (2 * TWidth.Lanes);
        int* sources = problem.Sources + begin;
        T* right = problem.Right + (node * columns);
        TVector slope = TWidth.Create(problem.Slope);
        for (int column = 0; column < columns; column += 2 * TWidth.Lanes)
        {
            TVector right0 = TWidth.Load(right + column);
            TVector right1 = TWidth.Load(right + column + TWidth.Lanes);
            TVector attention0 = TWidth.Load(problem.Attention + column);
            TVector attention1 = TWidth.Load(problem.Attention + column + TWidth.Lanes);
            T* left = problem.Left + column;
            T* projection = problem.EdgeWeights + column;
            T* feature = problem.EdgeFeatures + ((nint)begin * features);
            byte* use = problem.Use is null ? null : problem.Use + begin;
            T* score = scores;
            uint* sign = signs is null ? null : signs + (begin * pairs) + (column / (2 * TWidth.Lanes));
            bool accumulate = column > 0;
            int edge = 0;

            // Four edges at a time, at the end of a node with the first of the next, which writes its own afterwards: a loop over what is
            // left of each node would cost more.
            for (; edge < count && edge + 4 <= problem.Edges - begin; edge += 4)
            {
                T* source = left + (sources[edge] * columns);
                TVector z00 = TWidth.Add(right0, TWidth.Load(source));
                TVector z01 = TWidth.Add(right1, TWidth.Load(source + TWidth.Lanes));
                source = left + (sources[edge + 1] * columns);
                TVector z10 = TWidth.Add(right0, TWidth.Load(source));
                TVector z11 = TWidth.Add(right1, TWidth.Load(source + TWidth.Lanes));
                source = left + (sources[edge + 2] * columns);
                TVector z20 = TWidth.Add(right0, TWidth.Load(source));
                TVector z21 = TWidth.Add(right1, TWidth.Load(source + TWidth.Lanes));
                source = left + (sources[edge + 3] * columns);
                TVector z30 = TWidth.Add(right0, TWidth.Load(source));
                TVector z31 = TWidth.Add(right1, TWidth.Load(source + TWidth.Lanes));
                T* feature1 = feature + features;
                T* feature2 = feature1 + features;
                T* feature3 = feature2 + features;
                for (int block = 0; block < features; block += 32)
                {
                    for (uint used = GraphAttentionKernel.UsedFeatures(use, features, block); used != 0; used &= used - 1)
                    {
                        nint f = block + BitOperations.TrailingZeroCount(used);
                        T* weight = projection + (f * columns);
                        TVector weight0 = TWidth.Load(weight);
                        TVector weight1 = TWidth.Load(weight + TWidth.Lanes);
                        TVector x = TWidth.Create(feature[f]);
                        z00 = TWidth.MultiplyAdd(x, weight0, z00);
                        z01 = TWidth.MultiplyAdd(x, weight1, z01);
                        x = TWidth.Create(feature1[f]);
                        z10 = TWidth.MultiplyAdd(x, weight0, z10);
                        z11 = TWidth.MultiplyAdd(x, weight1, z11);
                        x = TWidth.Create(feature2[f]);
                        z20 = TWidth.MultiplyAdd(x, weight0, z20);
                        z21 = TWidth.MultiplyAdd(x, weight1, z21);
                        x = TWidth.Create(feature3[f]);
                        z30 = TWidth.MultiplyAdd(x, weight0, z30);
                        z31 = TWidth.MultiplyAdd(x, weight1, z31);
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

                TWidth.StoreFolded(
                    Weighed(z00, z01, attention0, attention1, slope),
                    Weighed(z10, z11, attention0, attention1, slope),
                    Weighed(z20, z21, attention0, attention1, slope),
                    Weighed(z30, z31, attention0, attention1, slope),
                    score,
                    THeads.Value,
                    accumulate);
                score += 4 * THeads.Value;
                feature = feature3 + features;
                use = use is null ? null : use + 4;
            }

            // The same order of operations for what is left of the graph.
            for (; edge < count; edge++)
            {
                T* source = left + (sources[edge] * columns);
                TVector z0 = TWidth.Add(right0, TWidth.Load(source));
                TVector z1 = TWidth.Add(right1, TWidth.Load(source + TWidth.Lanes));
                T* weight = projection;
                for (nint f = 0; f < features; f++)
                {
                    TVector x = TWidth.Create(feature[f]);
                    z0 = TWidth.MultiplyAdd(x, TWidth.Load(weight), z0);
                    z1 = TWidth.MultiplyAdd(x, TWidth.Load(weight + TWidth.Lanes), z1);
                    weight += columns;
                }

                if (sign is not null)
                {
                    *sign = Signs(z0, z1);
                    sign += pairs;
                }

                TWidth.StoreFolded(Weighed(z0, z1, attention0, attention1, slope), score, THeads.Value, accumulate);
                score += THeads.Value;
                feature += features;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Signs(TVector z0, TVector z1) => TWidth.PositiveBits(z0) | (TWidth.PositiveBits(z1) << TWidth.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Weighed(TVector z0, TVector z1, TVector attention0, TVector attention1, TVector slope)
    {
        // The leaky rectifier, as its slope is from 0 to 1.
        z0 = TWidth.Max(TWidth.Multiply(z0, slope), z0);
        z1 = TWidth.Max(TWidth.Multiply(z1, slope), z1);
        return TWidth.MultiplyAdd(attention1, z1, TWidth.Multiply(attention0, z0));
    }

    // Softmax over the edges of a node. Whole vectors are read and written: of the last one, what lies beyond the node is the next node's
    // and stays.
    private static void Normalise(T* scores, int count)
    {
        int length = count * THeads.Value;
        int whole = length / TWidth.Lanes * TWidth.Lanes;
        uint rest = (1u << (length - whole)) - 1;
        TVector last = TWidth.Load(scores + whole);
        TVector largest = TWidth.SelectBits(rest, last, TWidth.Create(T.NegativeInfinity));
        for (int i = 0; i < whole; i += TWidth.Lanes)
        {
            largest = TWidth.Max(largest, TWidth.Load(scores + i));
        }

        largest = TWidth.FoldedMax(largest, THeads.Value);
        TVector lastPower = Exponential<T>.Of<TWidth, TVector>(TWidth.Subtract(last, largest));
        TVector sum = TWidth.SelectBits(rest, lastPower, default);
        for (int i = 0; i < whole; i += TWidth.Lanes)
        {
            TVector power = Exponential<T>.Of<TWidth, TVector>(TWidth.Subtract(TWidth.Load(scores + i), largest));
            TWidth.Store(power, scores + i);
            sum = TWidth.Add(sum, power);
        }

        TVector inverse = TWidth.Divide(TWidth.Create(T.One), TWidth.Folded(sum, THeads.Value));
        for (int i = 0; i < whole; i += TWidth.Lanes)
        {
            TWidth.Store(TWidth.Multiply(TWidth.Load(scores + i), inverse), scores + i);
        }

        TWidth.Store(TWidth.SelectBits(rest, TWidth.Multiply(lastPower, inverse), last), scores + whole);
    }

    private static void Sum(in GraphAttentionProblem<T> problem, T* weights, int* sources, int count, T* result)
    {
        nint columns = problem.Columns;
        for (int column = 0; column < columns; column += 2 * TWidth.Lanes)
        {
            TVector sum0 = default;
            TVector sum1 = default;
            T* left = problem.Left + column;
            T* weight = weights;
            for (int edge = 0; edge < count; edge++)
            {
                T* source = left + (sources[edge] * columns);
                TVector share = TWidth.LoadRepeated(weight, THeads.Value);
                sum0 = TWidth.MultiplyAdd(share, TWidth.Load(source), sum0);
                sum1 = TWidth.MultiplyAdd(share, TWidth.Load(source + TWidth.Lanes), sum1);
                weight += THeads.Value;
            }

            TWidth.Store(sum0, result + column);
            TWidth.Store(sum1, result + column + TWidth.Lanes);
        }
    }
}
