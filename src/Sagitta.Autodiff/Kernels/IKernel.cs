using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>A kernel whose fields are its operands and settings, written once for all vector widths.</summary>
internal interface IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>;
}
