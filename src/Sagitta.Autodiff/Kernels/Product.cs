using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>a b.</summary>
internal readonly struct Product<T> : IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TWidth, TVector>(TVector a, TVector b)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        return TWidth.Multiply(a, b);
    }
}
