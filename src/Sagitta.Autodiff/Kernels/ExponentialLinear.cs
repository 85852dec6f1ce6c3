using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>x where positive, else alpha (exp(x) - 1). NaN gives NaN.</summary>
internal readonly struct ExponentialLinear<T>(T alpha) : IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TWidth, TVector>(TVector x)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        TVector below = TWidth.Subtract(Exponential<T>.Of<TWidth, TVector>(TWidth.Min(TWidth.Create(T.Zero), x)), TWidth.Create(T.One));
        return TWidth.SelectPositive(x, x, TWidth.Multiply(below, TWidth.Create(alpha)));
    }
}
