using System.Numerics;
using System.Runtime.Intrinsics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Runs kernels at the widest vectors that the hardware has: wider ones would be emulated, slowly.</summary>
internal static class VectorDispatch
{
    /// <summary>Bits of the vectors in use: 512, 256 or 128.</summary>
    internal static int Bits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    internal static void Run<TKernel, T>(TKernel kernel)
        where TKernel : struct, IKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            kernel.Run<Lanes512<T>>();
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            kernel.Run<Lanes256<T>>();
        }
        else
        {
            kernel.Run<Lanes128<T>>();
        }
    }
}

/// <summary>A kernel whose fields are its operands and settings, written once for all vector widths.</summary>
internal interface IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>;
}
