using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>The product of dy with the derivative of the logistic function, from its value y: y (1 - y).</summary>
internal readonly struct LogisticGradient<T> : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TWidth, TVector>(TVector y, TVector dy)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        return TWidth.Multiply(dy, TWidth.Multiply(y, TWidth.Subtract(TWidth.Create(T.One), y)));
    }
}
