using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>A function of two numbers, written once for all vector widths. Its fields are its settings.</summary>
internal interface IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TVector Invoke<TWidth, TVector>(TVector a, TVector b)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged;
}
