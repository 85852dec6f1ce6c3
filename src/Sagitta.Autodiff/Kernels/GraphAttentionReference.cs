using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>What the graph attention kernel means, one number at a time. Shapes as in <see cref="Operations.GraphAttention{T}"/>.</summary>
internal static unsafe class GraphAttentionReference
{
    /// <summary>Fills out (nodes x columns) and weights (edges x heads, the softmax).</summary>
    internal static void Forward<T>(in GraphAttentionProblem<T> problem, T* result, T* weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int heads = problem.Heads;
        int columns = problem.Columns;
        new Span<T>(result, problem.Nodes * columns).Clear();
        for (int node = 0; node < problem.Nodes; node++)
        {
            for (int head = 0; head < heads; head++)
            {
                T largest = T.NegativeInfinity;
                for (int edge = problem.Incoming[node]; edge < problem.Incoming[node + 1]; edge++)
                {
                    T score = T.Zero;
                    for (int c = head; c < columns; c += heads)
                    {
                        score += problem.Attention[c] * Leaky(problem, Sum(problem, node, edge, c));
                    }

                    weights[(edge * heads) + head] = score;
                    largest = score < largest ? largest : score;
                }

                T total = T.Zero;
                for (int edge = problem.Incoming[node]; edge < problem.Incoming[node + 1]; edge++)
                {
                    ref T weight = ref weights[(edge * heads) + head];
                    weight = T.Exp(weight - largest);
                    total += weight;
                }

                for (int edge = problem.Incoming[node]; edge < problem.Incoming[node + 1]; edge++)
                {
                    ref T weight = ref weights[(edge * heads) + head];
                    weight /= total;
                    for (int c = head; c < columns; c += heads)
                    {
                        result[(node * columns) + c] += weight * problem.Left[(problem.Sources[edge] * columns) + c];
                    }
                }
            }
        }
    }

    /// <summary>Adds the gradients of <see cref="Forward"/>; a null gradient is not wanted.</summary>
    internal static void Backward<T>(in GraphAttentionProblem<T> problem, T* weights, T* dResult, in GraphAttentionGradients<T> gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int heads = problem.Heads;
        int columns = problem.Columns;
        for (int node = 0; node < problem.Nodes; node++)
        {
            for (int head = 0; head < heads; head++)
            {
                T mean = T.Zero;
                for (int edge = problem.Incoming[node]; edge < problem.Incoming[node + 1]; edge++)
                {
                    mean += weights[(edge * heads) + head] * WeightGradient(problem, dResult, node, edge, head);
                }

                for (int edge = problem.Incoming[node]; edge < problem.Incoming[node + 1]; edge++)
                {
                    T weight = weights[(edge * heads) + head];
                    T dScore = weight * (WeightGradient(problem, dResult, node, edge, head) - mean);
                    for (int c = head; c < columns; c += heads)
                    {
                        T z = Sum(problem, node, edge, c);
                        T dz = dScore * problem.Attention[c] * (z > T.Zero ? T.One : problem.Slope);
                        if (gradients.Left is not null)
                        {
                            gradients.Left[(problem.Sources[edge] * columns) + c] += dz + (weight * dResult[(node * columns) + c]);
                        }

                        if (gradients.Right is not null)
                        {
                            gradients.Right[(node * columns) + c] += dz;
                        }

                        if (gradients.Attention is not null)
                        {
                            gradients.Attention[c] += dScore * Leaky(problem, z);
                        }

                        for (int f = 0; f < problem.EdgeColumns; f++)
                        {
                            if (gradients.EdgeWeights is not null)
                            {
                                gradients.EdgeWeights[(f * columns) + c] += dz * problem.EdgeFeatures[(edge * problem.EdgeColumns) + f];
                            }

                            if (gradients.EdgeFeatures is not null)
                            {
                                gradients.EdgeFeatures[(edge * problem.EdgeColumns) + f] += dz * problem.EdgeWeights[(f * columns) + c];
                            }
                        }
                    }
                }
            }
        }
    }

    private static T Sum<T>(in GraphAttentionProblem<T> problem, int node, int edge, int c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T z = problem.Left[(problem.Sources[edge] * problem.Columns) + c] + problem.Right[(node * problem.Columns) + c];
        for (int f = 0; f < problem.EdgeColumns; f++)
        {
            z += problem.EdgeFeatures[(edge * problem.EdgeColumns) + f] * problem.EdgeWeights[(f * problem.Columns) + c];
        }

        return z;
    }

    private static T Leaky<T>(in GraphAttentionProblem<T> problem, T z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => z > T.Zero ? z : problem.Slope * z;

    private static T WeightGradient<T>(in GraphAttentionProblem<T> problem, T* dResult, int node, int edge, int head)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int c = head; c < problem.Columns; c += problem.Heads)
        {
            sum += dResult[(node * problem.Columns) + c] * problem.Left[(problem.Sources[edge] * problem.Columns) + c];
        }

        return sum;
    }
}
