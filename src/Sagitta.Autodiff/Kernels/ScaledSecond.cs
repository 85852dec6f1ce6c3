using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>factor b, whatever a.</summary>
internal readonly struct ScaledSecond<T>(T factor) : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TWidth, TVector>(TVector a, TVector b)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        return TWidth.Multiply(TWidth.Create(factor), b);
    }
}
