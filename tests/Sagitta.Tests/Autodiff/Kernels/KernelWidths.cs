using System.Numerics;

namespace Sagitta.Tests.Autodiff.Kernels;

/// <summary>Runs a kernel at every vector width, emulated where the hardware lacks it: slow, but the same code.</summary>
internal static class KernelWidths
{
    internal static void ForEach<TKernel, T>(Func<TKernel> create, Action<int> check)
        where TKernel : struct, IKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        create().Run<Lanes512<T>>();
        check(512);
        create().Run<Lanes256<T>>();
        check(256);
        create().Run<Lanes128<T>>();
        check(128);
    }
}
