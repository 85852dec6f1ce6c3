using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// ln(1 + u) for u from 0 to 1, as 2 artanh(u / (2 + u)): the odd series in s = u / (2 + u), which is at most 1/3. Within 2 units in the
/// last place. NaN gives NaN.
/// </summary>
internal static class LogarithmOnePlus<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Terms s^(2n + 1) / (2n + 1): the first one left out is below 1e-9 (float) and 1e-17 (double) of the sum.
    private static int Terms => typeof(T) == typeof(float) ? 8 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Of<TWidth, TVector>(TVector u)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        TVector s = TWidth.Divide(u, TWidth.Add(u, TWidth.Create(T.One + T.One)));
        TVector square = TWidth.Multiply(s, s);
        TVector p = TWidth.Create(T.One / T.CreateTruncating((2 * Terms) - 1));
        for (int n = Terms - 2; n >= 0; n--)
        {
            p = TWidth.MultiplyAdd(p, square, TWidth.Create(T.One / T.CreateTruncating((2 * n) + 1)));
        }

        return TWidth.Multiply(TWidth.Add(s, s), p);
    }
}
