using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>A function of one number, written once for all vector widths. Its fields are its settings.</summary>
internal interface IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TLanes Invoke<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, T>;
}
