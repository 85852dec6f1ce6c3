using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>x where positive, else alpha (exp(x) - 1); its gradient from x and dy. NaN gives NaN.</summary>
internal readonly struct ExponentialLinear<T>(T alpha) : IDifferentiable<ExponentialLinear<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Name => "exponential linear unit";

    public static ExponentialLinear<T> Of(T number) => new(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        TLanes below = Exponential<T>.Of<TLanes>(TLanes.Min(TLanes.Broadcast(T.Zero), x)) - TLanes.Broadcast(T.One);
        return TLanes.Select(TLanes.Positive(x), x, below * TLanes.Broadcast(alpha));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes dy)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        TLanes below = Exponential<T>.Of<TLanes>(TLanes.Min(TLanes.Broadcast(T.Zero), x)) * TLanes.Broadcast(alpha);
        return TLanes.Select(TLanes.Positive(x), dy, dy * below);
    }
}

/// <summary>x where positive, else slope x; its gradient from x and dy, at zero with the slope. NaN gives NaN.</summary>
internal readonly struct LeakyRectifier<T>(T slope) : IDifferentiable<LeakyRectifier<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Name => "leaky rectifier";

    public static LeakyRectifier<T> Of(T number) => new(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T> => TLanes.Select(TLanes.Positive(x), x, x * TLanes.Broadcast(slope));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes dy)
        where TLanes : unmanaged, ILanes<TLanes, T> => TLanes.Select(TLanes.Positive(x), dy, dy * TLanes.Broadcast(slope));
}

/// <summary>
/// 1 / (1 + exp(-x)), with exp of negative numbers only, so nothing overflows; its gradient, dy y (1 - y), from its value y. NaN gives NaN.
/// </summary>
internal readonly struct Logistic<T> : IDifferentiable<Logistic<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Name => "sigmoid";

    public static bool FromValue => true;

    public static Logistic<T> Of(T number) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T> => Of<TLanes>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes y, TLanes dy)
        where TLanes : unmanaged, ILanes<TLanes, T> => dy * (y * (TLanes.Broadcast(T.One) - y));

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

/// <summary>x s(x) with the logistic function s; its gradient, dy (s + x s (1 - s)), from x and dy. NaN gives NaN.</summary>
internal readonly struct LogisticLinear<T> : IDifferentiable<LogisticLinear<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Name => "sigmoid linear unit";

    public static LogisticLinear<T> Of(T number) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T> => x * Logistic<T>.Of<TLanes>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes dy)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        TLanes s = Logistic<T>.Of<TLanes>(x);
        return dy * TLanes.MultiplyAdd(x * s, TLanes.Broadcast(T.One) - s, s);
    }
}

/// <summary>factor x + offset; its gradient factor dy.</summary>
internal readonly struct Scaling<T>(T factor, T offset = default) : IDifferentiable<Scaling<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Name => "scale";

    public static Scaling<T> Of(T number) => new(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T> => (x * TLanes.Broadcast(factor)) + TLanes.Broadcast(offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x, TLanes dy)
        where TLanes : unmanaged, ILanes<TLanes, T> => TLanes.Broadcast(factor) * dy;
}

/// <summary>a b.</summary>
internal readonly struct Product<T> : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes a, TLanes b)
        where TLanes : unmanaged, ILanes<TLanes, T> => a * b;
}
