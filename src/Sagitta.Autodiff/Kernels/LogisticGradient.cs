using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>The product of dy with the derivative of the logistic function, from its value y: y (1 - y).</summary>
internal readonly struct LogisticGradient<T> : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes y, TLanes dy)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        return dy * (y * (TLanes.Broadcast(T.One) - y));
    }
}
