using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

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
