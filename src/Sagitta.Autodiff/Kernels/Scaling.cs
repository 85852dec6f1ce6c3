using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>factor x + offset.</summary>
internal readonly struct Scaling<T>(T factor, T offset = default) : IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        return (x * TLanes.Broadcast(factor)) + TLanes.Broadcast(offset);
    }
}

/// <summary>factor b, whatever a.</summary>
internal readonly struct ScaledSecond<T>(T factor) : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes a, TLanes b)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        return TLanes.Broadcast(factor) * b;
    }
}

/// <summary>a b.</summary>
internal readonly struct Product<T> : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes a, TLanes b)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        return a * b;
    }
}
