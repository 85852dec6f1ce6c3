using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>The product of dy with the derivative of x s(x), s the logistic function: s + x s (1 - s).</summary>
internal readonly struct LogisticLinearGradient<T> : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TWidth, TVector>(TVector x, TVector dy)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        TVector s = Logistic<T>.Of<TWidth, TVector>(x);
        TVector slope = TWidth.MultiplyAdd(TWidth.Multiply(x, s), TWidth.Subtract(TWidth.Create(T.One), s), s);
        return TWidth.Multiply(dy, slope);
    }
}
