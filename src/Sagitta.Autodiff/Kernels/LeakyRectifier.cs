using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sagitta.Autodiff.Kernels;

/// <summary>x where positive, else slope x. NaN gives NaN.</summary>
internal readonly struct LeakyRectifier<T>(T slope) : IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TWidth, TVector>(TVector x)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        return TWidth.SelectPositive(x, x, TWidth.Multiply(x, TWidth.Create(slope)));
    }
}
