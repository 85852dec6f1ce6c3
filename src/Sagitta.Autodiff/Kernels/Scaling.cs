using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>factor x + offset.</summary>
internal readonly struct Scaling<T>(T factor, T offset = default) : IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TWidth, TVector>(TVector x)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        return TWidth.Add(TWidth.Multiply(x, TWidth.Create(factor)), TWidth.Create(offset));
    }
}
