using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>x where positive, else slope x. NaN gives NaN.</summary>
internal readonly struct LeakyRectifier<T>(T slope) : IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        return TLanes.Select(TLanes.Positive(x), x, x * TLanes.Broadcast(slope));
    }
}

/// <summary>The product of dy with the derivative of the leaky rectifier at x; at zero the slope counts.</summary>
internal readonly struct LeakyRectifierGradient<T>(T slope) : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes dy)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        return TLanes.Select(TLanes.Positive(x), dy, dy * TLanes.Broadcast(slope));
    }
}
