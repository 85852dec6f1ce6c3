using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The forward pass at one vector width and number of heads. Each node scores, normalises and sums its incoming edges; the projection of the
/// edge features is part of the score, four edges at a time, so nothing of size edges x columns is ever written.
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
        T* heads = stackalloc T[16];
        for (int node = 0; node < problem.Nodes;)
        {
            int end = GraphAttentionKernel.BlockEnd(problem, node);
            int first = problem.Incoming[node];
            int edges = problem.Incoming[end] - first;

            // Step by step over the whole block: chains of dependent instructions of one node overlap those of the next.
            for (int i = node; i < end; i++)
            {
                int begin = problem.Incoming[i];
                Score(problem, i, begin, problem.Incoming[i + 1] - begin, weights + ((nint)begin * THeads.Value), signs);
            }

            for (int i = node; i < end; i++)
            {
                int begin = problem.Incoming[i];
                SubtractLargest(weights + ((nint)begin * THeads.Value), problem.Incoming[i + 1] - begin, heads);
            }

            Exponentiate(weights + ((nint)first * THeads.Value), edges * THeads.Value);
            for (int i = node; i < end; i++)
            {
                int begin = problem.Incoming[i];
                DivideBySum(weights + ((nint)begin * THeads.Value), problem.Incoming[i + 1] - begin, heads);
            }

            for (; node < end; node++)
            {
                int begin = problem.Incoming[node];
                Sum(problem, weights + ((nint)begin * THeads.Value), problem.Sources + begin, problem.Incoming[node + 1] - begin, result + ((nint)node * columns));
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
            T* score = scores;
            uint* sign = signs is null ? null : signs + (begin * pairs) + (column / (2 * TWidth.Lanes));
            bool accumulate = column > 0;
            int edge = 0;
            for (; edge + 4 <= count; edge += 4)
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
                T* weight = projection;
                for (nint f = 0; f < features; f++)
                {
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
                    weight += columns;
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

                TWidth.StoreFolded(Weighed(z00, z01, attention0, attention1, slope), score, THeads.Value, accumulate);
                TWidth.StoreFolded(Weighed(z10, z11, attention0, attention1, slope), score + THeads.Value, THeads.Value, accumulate);
                TWidth.StoreFolded(Weighed(z20, z21, attention0, attention1, slope), score + (2 * THeads.Value), THeads.Value, accumulate);
                TWidth.StoreFolded(Weighed(z30, z31, attention0, attention1, slope), score + (3 * THeads.Value), THeads.Value, accumulate);
                score += 4 * THeads.Value;
                feature = feature3 + features;
            }

            // The same order of operations for what is left of a node.
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
        z0 = TWidth.SelectPositive(z0, z0, TWidth.Multiply(z0, slope));
        z1 = TWidth.SelectPositive(z1, z1, TWidth.Multiply(z1, slope));
        return TWidth.MultiplyAdd(attention1, z1, TWidth.Multiply(attention0, z0));
    }

    private static void SubtractLargest(T* scores, int count, T* heads)
    {
        int length = count * THeads.Value;
        int whole = length / TWidth.Lanes * TWidth.Lanes;
        uint rest = (1u << (length - whole)) - 1;
        TVector lowest = TWidth.Create(T.NegativeInfinity);
        TVector largest = TWidth.SelectBits(rest, TWidth.Load(scores + whole), lowest);
        for (int i = 0; i < whole; i += TWidth.Lanes)
        {
            largest = TWidth.Max(largest, TWidth.Load(scores + i));
        }

        TWidth.StoreFoldedMax(largest, heads, THeads.Value);
        largest = TWidth.LoadRepeated(heads, THeads.Value);
        for (int i = 0; i < whole; i += TWidth.Lanes)
        {
            TWidth.Store(TWidth.Subtract(TWidth.Load(scores + i), largest), scores + i);
        }

        TVector last = TWidth.Load(scores + whole);
        TWidth.Store(TWidth.SelectBits(rest, TWidth.Subtract(last, largest), last), scores + whole);
    }

    // Whole vectors are stored: what lies beyond the block is written again by the next block, or is padding.
    private static void Exponentiate(T* scores, int length)
    {
        for (int i = 0; i < length; i += TWidth.Lanes)
        {
            TWidth.Store(Exponential<T>.Of<TWidth, TVector>(TWidth.Load(scores + i)), scores + i);
        }
    }

    private static void DivideBySum(T* scores, int count, T* heads)
    {
        int length = count * THeads.Value;
        int whole = length / TWidth.Lanes * TWidth.Lanes;
        uint rest = (1u << (length - whole)) - 1;
        TVector last = TWidth.Load(scores + whole);
        TVector sum = TWidth.SelectBits(rest, last, default);
        for (int i = 0; i < whole; i += TWidth.Lanes)
        {
            sum = TWidth.Add(sum, TWidth.Load(scores + i));
        }

        TWidth.StoreFolded(sum, heads, THeads.Value, accumulate: false);
        TVector inverse = TWidth.Divide(TWidth.Create(T.One), TWidth.LoadRepeated(heads, THeads.Value));
        for (int i = 0; i < whole; i += TWidth.Lanes)
        {
            TWidth.Store(TWidth.Multiply(TWidth.Load(scores + i), inverse), scores + i);
        }

        TWidth.Store(TWidth.SelectBits(rest, TWidth.Multiply(last, inverse), last), scores + whole);
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
