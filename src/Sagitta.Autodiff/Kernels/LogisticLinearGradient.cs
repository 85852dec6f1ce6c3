using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>The product of dy with the derivative of x s(x), s the logistic function: s + x s (1 - s).</summary>
internal readonly struct LogisticLinearGradient<T> : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes dy)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        TLanes s = Logistic<T>.Of<TLanes>(x);
        TLanes slope = TLanes.MultiplyAdd(x * s, TLanes.Broadcast(T.One) - s, s);
        return dy * slope;
    }
}
