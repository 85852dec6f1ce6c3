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

/// <summary>x / (1 + exp(-x)). NaN gives NaN.</summary>
internal readonly struct LogisticLinear<T> : IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        return x * Logistic<T>.Of<TLanes>(x);
    }
}

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
