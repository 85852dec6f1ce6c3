using System.Numerics;
using System.Numerics.Tensors;

namespace Sagitta.Learning.Optimisers;

/// <summary>Bounds the length of the gradient of all parameters together (Pascanu et al., arXiv:1211.5063, algorithm 1).</summary>
internal static class GradientClipping
{
    private const int BlockLength = 1024;

    /// <summary>Euclidean length over all parameters; squares are summed in blocks and the blocks in double.</summary>
    public static double Norm<T>(ParameterVector<T> gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (ReadOnlySpan<T> rest = gradients.Values; !rest.IsEmpty; rest = rest[Math.Min(BlockLength, rest.Length)..])
        {
            sum += double.CreateTruncating(TensorPrimitives.SumOfSquares(rest[..Math.Min(BlockLength, rest.Length)]));
        }

        return Math.Sqrt(sum);
    }

    /// <summary>
    /// Shortens the gradient to <paramref name="longest"/> if it is longer. Returns its length before; if that is NaN or infinite
    /// nothing is changed and the caller should leave the step out.
    /// </summary>
    public static double Clip<T>(ParameterVector<T> gradients, double longest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double norm = Norm(gradients);
        if (double.IsFinite(norm) && norm > longest)
        {
            Span<T> values = gradients.Values;
            TensorPrimitives.Multiply(values, T.CreateTruncating(longest / norm), values);
        }

        return norm;
    }
}
