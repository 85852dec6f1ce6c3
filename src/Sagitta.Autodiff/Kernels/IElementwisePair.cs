using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>A function of two numbers, written once for all vector widths. Its fields are its settings.</summary>
internal interface IElementwisePair<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TLanes Invoke<TLanes>(TLanes a, TLanes b)
        where TLanes : unmanaged, ILanes<TLanes, T>;
}
