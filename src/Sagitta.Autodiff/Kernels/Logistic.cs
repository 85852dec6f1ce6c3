using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>1 / (1 + exp(-x)), with exp of negative numbers only, so nothing overflows. NaN gives NaN.</summary>
internal readonly struct Logistic<T> : IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T> => Of<TLanes>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Of<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        TLanes zero = TLanes.Broadcast(T.Zero);
        TLanes one = TLanes.Broadcast(T.One);
        TLanes small = Exponential<T>.Of<TLanes>(zero - TLanes.Abs(x));
        TLanes large = one / (one + small);
        return TLanes.Select(TLanes.Positive(x), large, small * large);
    }
}
