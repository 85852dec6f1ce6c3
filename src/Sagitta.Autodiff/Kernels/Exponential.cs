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
    public TVector Invoke<TWidth, TVector>(TVector x)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged => Of<TWidth, TVector>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Of<TWidth, TVector>(TVector x)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged => typeof(T) == typeof(float) ? OfSingle<TWidth, TVector>(x) : OfDouble<TWidth, TVector>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OfSingle<TWidth, TVector>(TVector x)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        // The argument is the second operand, which is what min and max return for NaN.
        x = TWidth.Min(Number<TWidth, TVector>(88.3), TWidth.Max(Number<TWidth, TVector>(-87.3), x));
        TVector magic = Number<TWidth, TVector>(12582912);
        TVector shifted = TWidth.MultiplyAdd(x, Number<TWidth, TVector>(1.4426950408889634), magic);
        TVector n = TWidth.Subtract(shifted, magic);
        TVector r = TWidth.MultiplyAdd(n, Number<TWidth, TVector>(-0.693359375), x);
        r = TWidth.MultiplyAdd(n, Number<TWidth, TVector>(2.12194440054690583e-4), r);
        TVector p = Number<TWidth, TVector>(1.0 / 5040);
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 720));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 120));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 24));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 6));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(0.5));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1));
        return TWidth.AddToExponent(p, shifted);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OfDouble<TWidth, TVector>(TVector x)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        x = TWidth.Min(Number<TWidth, TVector>(709.4), TWidth.Max(Number<TWidth, TVector>(-708.3), x));
        TVector magic = Number<TWidth, TVector>(6755399441055744);
        TVector shifted = TWidth.MultiplyAdd(x, Number<TWidth, TVector>(1.4426950408889634), magic);
        TVector n = TWidth.Subtract(shifted, magic);
        TVector r = TWidth.MultiplyAdd(n, Number<TWidth, TVector>(-6.93145751953125e-1), x);
        r = TWidth.MultiplyAdd(n, Number<TWidth, TVector>(-1.42860682030941723212e-6), r);
        TVector p = Number<TWidth, TVector>(1.0 / 6227020800);
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 479001600));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 39916800));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 3628800));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 362880));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 40320));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 5040));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 720));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 120));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 24));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1.0 / 6));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(0.5));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1));
        p = TWidth.MultiplyAdd(p, r, Number<TWidth, TVector>(1));
        return TWidth.AddToExponent(p, shifted);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Number<TWidth, TVector>(double value)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged => TWidth.Create(T.CreateTruncating(value));
}
