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
    internal static TLanes Of<TLanes>(TLanes u)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        TLanes s = u / (u + TLanes.Broadcast(T.One + T.One));
        TLanes square = s * s;
        TLanes p = TLanes.Broadcast(T.One / T.CreateTruncating((2 * Terms) - 1));
        for (int n = Terms - 2; n >= 0; n--)
        {
            p = TLanes.MultiplyAdd(p, square, TLanes.Broadcast(T.One / T.CreateTruncating((2 * n) + 1)));
        }

        return (s + s) * p;
    }
}
