using Sagitta.Autodiff.Kernels;
using Sagitta.Autodiff.Memory;

namespace Sagitta.Experiments.Benchmarks;

/// <summary>What one core of this machine can do at most, measured: the roofs that kernels are held against.</summary>
/// <param name="VectorBits">Width of the vectors that kernels use: 512, 256 or 128.</param>
/// <param name="Gigaflops">Multiply-adds in float, two operations each, in 1e9 operations a second.</param>
/// <param name="GigabytesPerSecond">Reading 256 MiB from memory, in 1e9 bytes a second.</param>
public sealed record MachinePeaks(int VectorBits, double Gigaflops, double GigabytesPerSecond)
{
    /// <summary>Measures for about a second and a half.</summary>
    public static unsafe MachinePeaks Measure()
    {
        const int Rounds = 20_000;
        const int Length = 64 << 20;
        using AlignedBuffer<float> memory = new(Length);
        memory.Values.Fill(1);
        float sink = 0;
        float* target = &sink;
        float* values = memory.Pointer;
        int bits = VectorDispatch.Bits;
        Timing compute = Timing.Of(() => VectorDispatch.Run<MultiplyAddPeak, float>(new(Rounds, target)), 0.4);
        Timing read = Timing.Of(() => VectorDispatch.Run<MemoryRead, float>(new(values, Length, target)), 0.4);
        double operations = 2.0 * Rounds * MultiplyAddPeak.Chains * bits / 32;
        return new(bits, operations / compute.Fastest / 1e9, 4.0 * Length / read.Fastest / 1e9);
    }

    /// <summary>The least seconds for so many operations and bytes: the slower of both, which may overlap.</summary>
    public double LeastSeconds(double operations, double bytes) => Math.Max(operations / (Gigaflops * 1e9), bytes / (GigabytesPerSecond * 1e9));
}
