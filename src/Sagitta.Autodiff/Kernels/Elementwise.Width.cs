using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

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
            Partial<TLanes, T>.Store(function.Invoke<TLanes>(Partial<TLanes, T>.Load(x + i, length - i)), y + i,
                length - i);
        }
    }

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
            int left = length - i;
            TLanes value = function.Invoke<TLanes>(
                Partial<TLanes, T>.Load(a + i, left), Partial<TLanes, T>.Load(b + i, left));
            Partial<TLanes, T>.Store(Partial<TLanes, T>.Load(y + i, left) + value, y + i, left);
        }
    }
}
