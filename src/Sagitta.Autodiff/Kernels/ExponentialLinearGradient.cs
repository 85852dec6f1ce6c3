using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>The product of dy with the derivative of the exponential linear unit at x.</summary>
internal readonly struct ExponentialLinearGradient<T>(T alpha) : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TWidth, TVector>(TVector x, TVector dy)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        TVector below = TWidth.Multiply(Exponential<T>.Of<TWidth, TVector>(TWidth.Min(TWidth.Create(T.Zero), x)), TWidth.Create(alpha));
        return TWidth.SelectPositive(x, dy, TWidth.Multiply(dy, below));
    }
}
