using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>The product of dy with the derivative of the leaky rectifier at x; at zero the slope counts.</summary>
internal readonly struct LeakyRectifierGradient<T>(T slope) : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TWidth, TVector>(TVector x, TVector dy)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        return TWidth.SelectPositive(x, dy, TWidth.Multiply(dy, TWidth.Create(slope)));
    }
}
