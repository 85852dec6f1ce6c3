using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Runs kernels at the widest vectors that the hardware has: wider ones would be emulated, slowly.</summary>
internal static class VectorDispatch
{
    /// <summary>Bits of the vectors in use: 512, 256 or 128.</summary>
    internal static int Bits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>Runs a kernel at the widest vectors. The compiler knows which these are and leaves the other widths out: with all of them
    /// in one method, or with what calls the kernel, it would run out of what it allows itself to inline.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Run<TKernel, T>(TKernel kernel)
        where TKernel : struct, IKernel<T>, allows ref struct
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

    /// <summary>Runs a kernel with vectors of that many <paramref name="lanes"/>; 0 takes the widest that the hardware has.</summary>
    internal static void Run<TKernel, T>(TKernel kernel, int lanes)
        where TKernel : struct, IKernel<T>, allows ref struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (lanes == 0)
        {
            Run<TKernel, T>(kernel);
        }
        else if (lanes == Vector512<T>.Count)
        {
            kernel.Run<Lanes512<T>>();
        }
        else if (lanes == Vector256<T>.Count)
        {
            kernel.Run<Lanes256<T>>();
        }
        else if (lanes == Vector128<T>.Count)
        {
            kernel.Run<Lanes128<T>>();
        }
        else
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(lanes, 1);
            kernel.Run<SingleLane<T>>();
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
