using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Vectors of which only the first lanes lie in memory that may be touched; the others are zero.</summary>
internal static unsafe class Partial<TWidth, TVector, T>
    where TWidth : struct, IVectorWidth<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static TVector Load(T* source, int count)
    {
        TVector value = default;
        T* lanes = (T*)&value;
        for (int i = 0; i < count; i++)
        {
            lanes[i] = source[i];
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Store(TVector value, T* target, int count)
    {
        T* lanes = (T*)&value;
        for (int i = 0; i < count; i++)
        {
            target[i] = lanes[i];
        }
    }
}
