using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// Graph attention, forward and backward, at the widest vectors of which the columns are a whole number of pairs and which hold all
/// heads; the reference elsewhere (heads that are no power of two, very narrow columns). Shapes alone decide.
/// </summary>
internal static unsafe class GraphAttentionKernel
{
    /// <summary>Edges of a block of nodes: their scores and signs, and rows where the edge features want a gradient, stay in the
    /// first-level cache.</summary>
    internal const int BlockEdges = 128;

    /// <summary>Numbers that the softmax weights must have room for beyond edges x heads: whole vectors are stored.</summary>
    internal const int WeightPadding = 16;

    /// <summary>Numbers of scratch memory, on a 64-byte border, that the backward pass wants.</summary>
    internal static int ScratchLength<T>(in GraphAttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ((LongestBlock(problem) + problem.EdgeColumns + 1) * problem.Columns) + MatrixProduct.ScratchLength<T>(
            problem.EdgeColumns, problem.Columns);

    /// <summary>Words of signs: one for two vectors of an edge, of the width in use; none for the reference.</summary>
    internal static int SignLength<T>(in GraphAttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = Lanes(problem);
        return lanes == 0 ? 0 : problem.Edges * (problem.Columns / (2 * lanes));
    }

    /// <summary>
    /// Fills result (nodes x columns), weights (edges x heads and padding) and, unless null, the <see cref="SignLength"/> words that the
    /// backward pass wants.
    /// </summary>
    internal static void Forward<T>(in GraphAttentionProblem<T> problem, T* result, T* weights, uint* signs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!TryRun<ForwardPass<T>, T>(problem, new(problem, result, weights, signs)))
        {
            GraphAttentionReference.Forward(problem, result, weights);
        }
    }

    /// <summary>Adds the gradients; scores has room for edges x heads and padding, signs are those of the forward pass.</summary>
    internal static void Backward<T>(
        in GraphAttentionProblem<T> problem, T* result, T* weights, uint* signs, T* dResult, in GraphAttentionGradients<T> gradients,
            T* scores, T* scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!TryRun<BackwardPass<T>, T>(problem, new(problem, result, weights, signs, dResult, gradients, scores, scratch)))
        {
            GraphAttentionReference.Backward(problem, weights, dResult, gradients);
        }
    }

    /// <summary>Lanes of the vectors that do it on this machine, 0 for the reference.</summary>
    internal static int Lanes<T>(in GraphAttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Vector512.IsHardwareAccelerated && Fits(problem, Vector512<T>.Count) ? Vector512<T>.Count
        : Vector256.IsHardwareAccelerated && Fits(problem, Vector256<T>.Count) ? Vector256<T>.Count
        : Fits(problem, Vector128<T>.Count) ? Vector128<T>.Count
        : 0;

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

    /// <summary>
    /// Sets a bit for each feature of each edge that is not zero (NaN is not), and none in the bytes beyond up to <see cref="UseLength"/>.
    /// Features that are zero in all of a few edges add nothing and are left out.
    /// </summary>
    internal static void FindUse<T>(in GraphAttentionProblem<T> problem, byte* use)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int features = problem.EdgeColumns;
        T* feature = problem.EdgeFeatures;
        int edge = 0;
        if (2 * features == Vector512<T>.Count && Vector512.IsHardwareAccelerated)
        {
            for (; edge + 2 <= problem.Edges; edge += 2, feature += 2 * features)
            {
                ulong two = (~Vector512.Equals(Vector512.Load(feature), Vector512<T>.Zero)).ExtractMostSignificantBits();
                use[edge] = (byte)(two & ((1u << features) - 1));
                use[edge + 1] = (byte)(two >> features);
            }
        }

        if (features == Vector256<T>.Count)
        {
            for (; edge < problem.Edges; edge++, feature += features)
            {
                use[edge] = (byte)(~Vector256.Equals(Vector256.Load(feature), Vector256<T>.Zero)).ExtractMostSignificantBits();
            }
        }

        for (; edge < problem.Edges; edge++, feature += features)
        {
            int bits = 0;
            for (int f = 0; f < features; f++)
            {
                bits |= feature[f] == T.Zero ? 0 : 1 << f;
            }

            use[edge] = (byte)bits;
        }

        new Span<byte>(use + edge, UseLength(problem) - edge).Clear();
    }

    /// <summary>Bytes that <see cref="FindUse"/> fills; none where there are more features than bits.</summary>
    internal static int UseLength<T>(in GraphAttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => problem.EdgeColumns <= 8 ? problem.Edges + 3 : 0;

    /// <summary>Bits of the features, from <paramref name="block"/> on and 32 at most, that count in four edges.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint UsedFeatures(byte* use, int features, int block)
    {
        if (use is null)
        {
            return uint.MaxValue >> Math.Max(0, 32 - features + block);
        }

        uint four = *(uint*)use;
        four |= four >> 16;
        return (four | (four >> 8)) & 0xFF;
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

    private static bool TryRun<TPass, T>(in GraphAttentionProblem<T> problem, TPass pass)
        where TPass : struct, IAttentionPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (Lanes(problem) * sizeof(T))
        {
            case 64:
                Run<TPass, Lanes512<T>, T>(problem.Heads, pass);
                return true;
            case 32:
                Run<TPass, Lanes256<T>, T>(problem.Heads, pass);
                return true;
            case 16:
                Run<TPass, Lanes128<T>, T>(problem.Heads, pass);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A pass at one vector width, in the version compiled for the number of heads.</summary>
    internal static void Run<TPass, TLanes, T>(int heads, TPass pass)
        where TPass : struct, IAttentionPass<T>
        where TLanes : unmanaged, IHeadLanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (heads)
        {
            case 1:
                pass.Run<TLanes, Counts.One>();
                break;
            case 2:
                pass.Run<TLanes, Counts.Two>();
                break;
            case 4:
                pass.Run<TLanes, Counts.Four>();
                break;
            case 8:
                pass.Run<TLanes, Counts.Eight>();
                break;
            default:
                pass.Run<TLanes, Counts.Sixteen>();
                break;
        }
    }

    /// <summary>A pass whose fields are its operands, written once for all widths and numbers of heads.</summary>
    internal interface IAttentionPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        void Run<TLanes, THeads>()
            where TLanes : unmanaged, IHeadLanes<TLanes, T>
            where THeads : struct, ICount;
    }

    internal readonly struct ForwardPass<T>(GraphAttentionProblem<T> problem, T* result, T* weights, uint* signs) : IAttentionPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<TLanes, THeads>()
            where TLanes : unmanaged, IHeadLanes<TLanes, T>
            where THeads : struct, ICount => GraphAttentionForward<TLanes, T, THeads>.Run(problem, result, weights, signs);
    }

    internal readonly struct BackwardPass<T>(GraphAttentionProblem<T> problem, T* result, T* weights, uint* signs, T* dResult,
        GraphAttentionGradients<T> gradients, T* scores, T* scratch) : IAttentionPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<TLanes, THeads>()
            where TLanes : unmanaged, IHeadLanes<TLanes, T>
            where THeads : struct, ICount =>
            GraphAttentionBackward<TLanes, T, THeads>.Run(problem, result, weights, signs, dResult, gradients, scores, scratch);
    }
}
