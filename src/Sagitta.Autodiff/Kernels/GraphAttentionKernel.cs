using System.Numerics;
using System.Runtime.Intrinsics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// Graph attention, forward and backward, at the widest vectors of which the columns are a whole number of pairs and which hold all
/// heads; the reference elsewhere (heads that are no power of two, very narrow columns). Shapes alone decide.
/// </summary>
internal static unsafe class GraphAttentionKernel
{
    /// <summary>Edges whose projected features are held at a time: 64 rows of 32 floats are a quarter of a first-level cache.</summary>
    private const int BlockEdges = 64;

    /// <summary>Numbers that the softmax weights must have room for beyond edges x heads: whole vectors are stored.</summary>
    internal const int WeightPadding = 16;

    /// <summary>Numbers of scratch memory, on a 64-byte border.</summary>
    internal static int ScratchLength<T>(in GraphAttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (LongestBlock(problem) * (problem.Columns + 16)) + 64 + MatrixProduct.ScratchLength<T>(problem.EdgeColumns, problem.Columns);

    /// <summary>Words of signs: one for two vectors of an edge, of the narrowest width that may be in use.</summary>
    internal static int SignLength<T>(in GraphAttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => problem.Edges * Math.Max(1, problem.Columns / (2 * Vector128<T>.Count));

    /// <summary>Fills result (nodes x columns) and weights (edges x heads and padding).</summary>
    internal static void Forward<T>(in GraphAttentionProblem<T> problem, T* result, T* weights, T* scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated && Fits<T>(problem, Vector512<T>.Count))
        {
            OfWidth<Width512<T>, Vector512<T>, T>.Forward(problem, result, weights, scratch);
        }
        else if (Vector256.IsHardwareAccelerated && Fits<T>(problem, Vector256<T>.Count))
        {
            OfWidth<Width256<T>, Vector256<T>, T>.Forward(problem, result, weights, scratch);
        }
        else if (Fits<T>(problem, Vector128<T>.Count))
        {
            OfWidth<Width128<T>, Vector128<T>, T>.Forward(problem, result, weights, scratch);
        }
        else
        {
            GraphAttentionReference.Forward(problem, result, weights);
        }
    }

    /// <summary>Adds the gradients; scores has room for edges x heads and padding, signs for <see cref="SignLength"/>.</summary>
    internal static void Backward<T>(
        in GraphAttentionProblem<T> problem, T* result, T* weights, T* dResult, in GraphAttentionGradients<T> gradients, T* scores, uint* signs, T* scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated && Fits<T>(problem, Vector512<T>.Count))
        {
            OfWidth<Width512<T>, Vector512<T>, T>.Backward(problem, result, weights, dResult, gradients, scores, signs, scratch);
        }
        else if (Vector256.IsHardwareAccelerated && Fits<T>(problem, Vector256<T>.Count))
        {
            OfWidth<Width256<T>, Vector256<T>, T>.Backward(problem, result, weights, dResult, gradients, scores, signs, scratch);
        }
        else if (Fits<T>(problem, Vector128<T>.Count))
        {
            OfWidth<Width128<T>, Vector128<T>, T>.Backward(problem, result, weights, dResult, gradients, scores, signs, scratch);
        }
        else
        {
            GraphAttentionReference.Backward(problem, weights, dResult, gradients);
        }
    }

    /// <summary>Whether vectors of that many lanes can do it.</summary>
    internal static bool Fits<T>(in GraphAttentionProblem<T> problem, int lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BitOperations.IsPow2(problem.Heads) && problem.Heads <= lanes && problem.Columns % (2 * lanes) == 0;

    /// <summary>The first node after those, from <paramref name="node"/> on, whose edges make a block.</summary>
    internal static int BlockEnd<T>(in GraphAttentionProblem<T> problem, int node)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int limit = problem.Incoming[node] + BlockEdges;
        int end = node + 1;
        while (end < problem.Nodes && problem.Incoming[end + 1] <= limit)
        {
            end++;
        }

        return end;
    }

    private static int LongestBlock<T>(in GraphAttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int longest = BlockEdges;
        for (int node = 0; node < problem.Nodes; node++)
        {
            longest = Math.Max(longest, problem.Incoming[node + 1] - problem.Incoming[node]);
        }

        return longest;
    }

    /// <summary>One vector width: chooses the version compiled for the number of heads.</summary>
    internal static class OfWidth<TWidth, TVector, T>
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        internal static void Forward(in GraphAttentionProblem<T> problem, T* result, T* weights, T* scratch)
        {
            switch (problem.Heads)
            {
                case 1:
                    GraphAttentionForward<TWidth, TVector, T, HeadCounts.One>.Run(problem, result, weights, scratch);
                    break;
                case 2:
                    GraphAttentionForward<TWidth, TVector, T, HeadCounts.Two>.Run(problem, result, weights, scratch);
                    break;
                case 4:
                    GraphAttentionForward<TWidth, TVector, T, HeadCounts.Four>.Run(problem, result, weights, scratch);
                    break;
                case 8:
                    GraphAttentionForward<TWidth, TVector, T, HeadCounts.Eight>.Run(problem, result, weights, scratch);
                    break;
                default:
                    GraphAttentionForward<TWidth, TVector, T, HeadCounts.Sixteen>.Run(problem, result, weights, scratch);
                    break;
            }
        }

        internal static void Backward(
            in GraphAttentionProblem<T> problem, T* result, T* weights, T* dResult, in GraphAttentionGradients<T> gradients, T* scores, uint* signs, T* scratch)
        {
            switch (problem.Heads)
            {
                case 1:
                    GraphAttentionBackward<TWidth, TVector, T, HeadCounts.One>.Run(problem, result, weights, dResult, gradients, scores, signs, scratch);
                    break;
                case 2:
                    GraphAttentionBackward<TWidth, TVector, T, HeadCounts.Two>.Run(problem, result, weights, dResult, gradients, scores, signs, scratch);
                    break;
                case 4:
                    GraphAttentionBackward<TWidth, TVector, T, HeadCounts.Four>.Run(problem, result, weights, dResult, gradients, scores, signs, scratch);
                    break;
                case 8:
                    GraphAttentionBackward<TWidth, TVector, T, HeadCounts.Eight>.Run(problem, result, weights, dResult, gradients, scores, signs, scratch);
                    break;
                default:
                    GraphAttentionBackward<TWidth, TVector, T, HeadCounts.Sixteen>.Run(problem, result, weights, dResult, gradients, scores, signs, scratch);
                    break;
            }
        }
    }
}
