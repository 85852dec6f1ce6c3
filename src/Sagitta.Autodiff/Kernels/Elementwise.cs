using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// Loops that apply a function to every number. The last, incomplete vector goes through a padded copy, so an element's result
/// does not depend on its place. Input and output may be the same memory, but not overlap otherwise.
/// </summary>
internal static unsafe class Elementwise
{
    /// <summary>y = f(x).</summary>
    internal static void Map<TFunction, T>(T* x, T* y, int length, TFunction function)
        where TFunction : struct, IElementwise<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        VectorDispatch.Run<Mapping<TFunction, T>, T>(new(x, y, length, function));

    /// <summary>y += f(a, b).</summary>
    internal static void Accumulate<TFunction, T>(T* a, T* b, T* y, int length, TFunction function)
        where TFunction : struct, IElementwisePair<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        VectorDispatch.Run<Accumulation<TFunction, T>, T>(new(a, b, y, length, function));

    private readonly struct Mapping<TFunction, T>(T* x, T* y, int length, TFunction function) : IKernel<T>
        where TFunction : struct, IElementwise<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<TLanes>()
            where TLanes : unmanaged, ILanes<TLanes, T> => Elementwise<TLanes, T>.Map(x, y, length, function);
    }

    private readonly struct Accumulation<TFunction, T>(T* a, T* b, T* y, int length, TFunction function) : IKernel<T>
        where TFunction : struct, IElementwisePair<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<TLanes>()
            where TLanes : unmanaged, ILanes<TLanes, T> => Elementwise<TLanes, T>.Accumulate(a, b, y, length, function);
    }
}

/// <summary>The loops of <see cref="Elementwise"/> at one vector width.</summary>
internal static unsafe class Elementwise<TLanes, T>
    where TLanes : unmanaged, ILanes<TLanes, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal static void Map<TFunction>(T* x, T* y, int length, TFunction function)
        where TFunction : struct, IElementwise<T>
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(function.Invoke<TLanes>(TLanes.Load(x + i)), y + i);
        }

        if (i < length)
        {
            MapRest(x + i, y + i, length - i, function);
        }
    }

    // Not inlined: with the function twice in one method, the compiler would run out of what it allows itself to inline.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MapRest<TFunction>(T* x, T* y, int length, TFunction function)
        where TFunction : struct, IElementwise<T> =>
        Partial<TLanes, T>.Store(function.Invoke<TLanes>(Partial<TLanes, T>.Load(x, length)), y, length);

    internal static void Accumulate<TFunction>(T* a, T* b, T* y, int length, TFunction function)
        where TFunction : struct, IElementwisePair<T>
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes value = function.Invoke<TLanes>(TLanes.Load(a + i), TLanes.Load(b + i));
            TLanes.Store(TLanes.Load(y + i) + value, y + i);
        }

        if (i < length)
        {
            AccumulateRest(a + i, b + i, y + i, length - i, function);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AccumulateRest<TFunction>(T* a, T* b, T* y, int length, TFunction function)
        where TFunction : struct, IElementwisePair<T>
    {
        TLanes value = function.Invoke<TLanes>(Partial<TLanes, T>.Load(a, length), Partial<TLanes, T>.Load(b, length));
        Partial<TLanes, T>.Store(Partial<TLanes, T>.Load(y, length) + value, y, length);
    }
}

/// <summary>A function of one number, written once for all vector widths. Its fields are its settings.</summary>
internal interface IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T>;
}

/// <summary>A function of two numbers, written once for all vector widths. Its fields are its settings.</summary>
internal interface IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TLanes Invoke<TLanes>(TLanes a, TLanes b)
        where TLanes : unmanaged, ILanes<TLanes, T>;
}

/// <summary>A function with the product of its derivative and dy, from x (or its value y) and dy.</summary>
internal interface IDifferentiable<TSelf, T> : IElementwise<T>, IElementwisePair<T>
    where TSelf : struct, IDifferentiable<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name in messages and profiles.</summary>
    static abstract string Name { get; }

    /// <summary>Whether the derivative is a function of the value.</summary>
    static virtual bool FromValue => false;

    /// <summary>The function whose setting is a number.</summary>
    static abstract TSelf Of(T number);
}

/// <summary>Vectors of which only the first lanes lie in memory that may be touched; the others are zero.</summary>
internal static unsafe class Partial<TLanes, T>
    where TLanes : unmanaged, ILanes<TLanes, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static TLanes Load(T* source, int count)
    {
        TLanes value = default;
        T* lanes = (T*)&value;
        for (int i = 0; i < count; i++)
        {
            lanes[i] = source[i];
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Store(TLanes value, T* target, int count)
    {
        T* lanes = (T*)&value;
        for (int i = 0; i < count; i++)
        {
            target[i] = lanes[i];
        }
    }
}
