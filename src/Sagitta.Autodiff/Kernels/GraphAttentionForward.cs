using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The forward pass at one vector width and number of heads. Edges go by blocks of whole nodes: a block's edge features are projected by
/// the matrix kernel into scratch memory, then each node scores, normalises and sums its edges.
/// </summary>
internal static unsafe class GraphAttentionForward<TWidth, TVector, T, THeads>
    where TWidth : struct, IVectorWidth<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where THeads : struct, IHeadCount
{
    internal static void Run(in GraphAttentionProblem<T> problem, T* result, T* weights, T* scratch)
    {
        int columns = problem.Columns;
        T* heads = stackalloc T[16];
        for (int node = 0; node < problem.Nodes;)
        {
            int end = GraphAttentionKernel.BlockEnd(problem, node);
            int first = problem.Incoming[node];
            int edges = problem.Incoming[end] - first;
            T* features = problem.EdgeFeatures + ((nint)first * problem.EdgeColumns);
            MatrixTiles<TWidth, TVector, T>.Multiply(
                edges, columns, new(problem.EdgeColumns, problem.EdgeColumns, 1, columns, columns, false), features, problem.EdgeWeights, scratch, null);
            // Step by step over the whole block: chains of dependent instructions of one node overlap those of the next.
            for (int i = node; i < end; i++)
            {
                int begin = problem.Incoming[i];
                T* projected = scratch + ((nint)(begin - first) * columns);
                Score(problem, problem.Right + ((nint)i * columns), projected, problem.Sources + begin, problem.Incoming[i + 1] - begin, weights + ((nint)begin * THeads.Value));
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

    private static void Score(in GraphAttentionProblem<T> problem, T* right, T* projected, int* sources, int count, T* scores)
    {
        nint columns = problem.Columns;
        T* left = problem.Left;
        TVector slope = TWidth.Create(problem.Slope);
        for (int column = 0; column < columns; column += 2 * TWidth.Lanes)
        {
            TVector right0 = TWidth.Load(right + column);
            TVector right1 = TWidth.Load(right + column + TWidth.Lanes);
            TVector attention0 = TWidth.Load(problem.Attention + column);
            TVector attention1 = TWidth.Load(problem.Attention + column + TWidth.Lanes);
            T* line = projected + column;
            T* score = scores;
            bool accumulate = column > 0;
            for (int edge = 0; edge < count; edge++)
            {
                T* source = left + (sources[edge] * columns) + column;
                TVector z0 = TWidth.Add(TWidth.Add(TWidth.Load(line), right0), TWidth.Load(source));
                TVector z1 = TWidth.Add(TWidth.Add(TWidth.Load(line + TWidth.Lanes), right1), TWidth.Load(source + TWidth.Lanes));
                z0 = TWidth.SelectPositive(z0, z0, TWidth.Multiply(z0, slope));
                z1 = TWidth.SelectPositive(z1, z1, TWidth.Multiply(z1, slope));
                TVector sum = TWidth.MultiplyAdd(attention1, z1, TWidth.Multiply(attention0, z0));
                TWidth.StoreFolded(sum, score, THeads.Value, accumulate);
                line += columns;
                score += THeads.Value;
            }
        }
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
