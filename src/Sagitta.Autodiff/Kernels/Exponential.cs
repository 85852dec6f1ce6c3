using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// exp(x) by range reduction with a two-part ln 2 (Cody and Waite, Software Manual for the Elementary Functions, 1980) and the
/// Taylor polynomial on |r| up to ln 2 / 2: within 2 units in the last place. The argument is held within the range of normal
/// results, so exp of minus infinity is about 1e-38 (float) or 1e-308 (double), not 0, and nothing overflows. NaN gives NaN.
/// </summary>
internal readonly struct Exponential<T> : IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T> => Of<TLanes>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Of<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T> => typeof(T) == typeof(float) ? OfSingle<TLanes>(x) : OfDouble<TLanes>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes OfSingle<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        // The argument is the second operand, which is what min and max return for NaN.
        x = TLanes.Min(Number<TLanes>(88.3), TLanes.Max(Number<TLanes>(-87.3), x));
        TLanes magic = Number<TLanes>(12582912);
        TLanes shifted = TLanes.MultiplyAdd(x, Number<TLanes>(1.4426950408889634), magic);
        TLanes n = shifted - magic;
        TLanes r = TLanes.MultiplyAdd(n, Number<TLanes>(-0.693359375), x);
        r = TLanes.MultiplyAdd(n, Number<TLanes>(2.12194440054690583e-4), r);
        TLanes p = Number<TLanes>(1.0 / 5040);
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 720));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 120));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 24));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 6));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(0.5));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1));
        return TLanes.AddToExponent(p, shifted);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes OfDouble<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        x = TLanes.Min(Number<TLanes>(709.4), TLanes.Max(Number<TLanes>(-708.3), x));
        TLanes magic = Number<TLanes>(6755399441055744);
        TLanes shifted = TLanes.MultiplyAdd(x, Number<TLanes>(1.4426950408889634), magic);
        TLanes n = shifted - magic;
        TLanes r = TLanes.MultiplyAdd(n, Number<TLanes>(-6.93145751953125e-1), x);
        r = TLanes.MultiplyAdd(n, Number<TLanes>(-1.42860682030941723212e-6), r);
        TLanes p = Number<TLanes>(1.0 / 6227020800);
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 479001600));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 39916800));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 3628800));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 362880));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 40320));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 5040));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 720));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 120));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 24));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1.0 / 6));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(0.5));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1));
        p = TLanes.MultiplyAdd(p, r, Number<TLanes>(1));
        return TLanes.AddToExponent(p, shifted);
    }

    // Not by T.CreateTruncating: fifteen of its conversions in one method use up what the compiler allows itself to inline when it is
    // guided by a profile, and the vectors' own operations became calls.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Number<TLanes>(double value)
        where TLanes : unmanaged, ILanes<TLanes, T> =>
        TLanes.Broadcast(typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value) : Unsafe.BitCast<double, T>(value));
}

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
