using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>The loops of <see cref="Elementwise"/> at one vector width.</summary>
internal static unsafe class Elementwise<TWidth, TVector, T>
    where TWidth : struct, IVectorWidth<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal static void Map<TFunction>(T* x, T* y, int length, TFunction function)
        where TFunction : struct, IElementwise<T>
    {
        int i = 0;
        for (; i <= length - TWidth.Lanes; i += TWidth.Lanes)
        {
            TWidth.Store(function.Invoke<TWidth, TVector>(TWidth.Load(x + i)), y + i);
        }

        if (i < length)
        {
            Partial<TWidth, TVector, T>.Store(function.Invoke<TWidth, TVector>(Partial<TWidth, TVector, T>.Load(x + i, length - i)), y + i,
                length - i);
        }
    }

    internal static void Accumulate<TFunction>(T* a, T* b, T* y, int length, TFunction function)
        where TFunction : struct, IElementwisePair<T>
    {
        int i = 0;
        for (; i <= length - TWidth.Lanes; i += TWidth.Lanes)
        {
            TVector value = function.Invoke<TWidth, TVector>(TWidth.Load(a + i), TWidth.Load(b + i));
            TWidth.Store(TWidth.Add(TWidth.Load(y + i), value), y + i);
        }

        if (i < length)
        {
            int left = length - i;
            TVector value = function.Invoke<TWidth, TVector>(
                Partial<TWidth, TVector, T>.Load(a + i, left), Partial<TWidth, TVector, T>.Load(b + i, left));
            Partial<TWidth, TVector, T>.Store(TWidth.Add(Partial<TWidth, TVector, T>.Load(y + i, left), value), y + i, left);
        }
    }
}
