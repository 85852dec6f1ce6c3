using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>1 / (1 + exp(-x)), with exp of negative numbers only, so nothing overflows. NaN gives NaN.</summary>
internal readonly struct Logistic<T> : IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TWidth, TVector>(TVector x)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged => Of<TWidth, TVector>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Of<TWidth, TVector>(TVector x)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        TVector zero = TWidth.Create(T.Zero);
        TVector one = TWidth.Create(T.One);
        TVector small = Exponential<T>.Of<TWidth, TVector>(TWidth.Subtract(zero, TWidth.Abs(x)));
        TVector large = TWidth.Divide(one, TWidth.Add(one, small));
        return TWidth.SelectPositive(x, large, TWidth.Multiply(small, large));
    }
}
