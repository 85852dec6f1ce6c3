using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>x where positive, else alpha (exp(x) - 1). NaN gives NaN.</summary>
internal readonly struct ExponentialLinear<T>(T alpha) : IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        TLanes below = Exponential<T>.Of<TLanes>(TLanes.Min(TLanes.Broadcast(T.Zero), x)) - TLanes.Broadcast(T.One);
        return TLanes.Select(TLanes.Positive(x), x, below * TLanes.Broadcast(alpha));
    }
}

/// <summary>The product of dy with the derivative of the exponential linear unit at x.</summary>
internal readonly struct ExponentialLinearGradient<T>(T alpha) : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes dy)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        TLanes below = Exponential<T>.Of<TLanes>(TLanes.Min(TLanes.Broadcast(T.Zero), x)) * TLanes.Broadcast(alpha);
        return TLanes.Select(TLanes.Positive(x), dy, dy * below);
    }
}
