namespace Sagitta.Experiments.Benchmarks;

/// <summary>What one core of this machine can do at most, measured: the roofs that kernels are held against.</summary>
/// <param name="VectorBits">Width of the vectors that kernels use: 512, 256 or 128.</param>
/// <param name="Gigaflops">Multiply-adds in float, two operations each, in 1e9 operations a second.</param>
/// <param name="GigabytesPerSecond">Reading 256 MiB from memory, in 1e9 bytes a second.</param>
internal sealed record MachinePeaks(int VectorBits, double Gigaflops, double GigabytesPerSecond)
{
    /// <summary>The peak of a core that speed bounds are stated for, 1e9 operations a second; on other cores they scale with the
    /// peak.</summary>
    public const double ReferenceGigaflops = 240;

    /// <summary>Measures for about two seconds, by default.</summary>
    public static unsafe MachinePeaks Measure(double seconds = 0.4)
    {
        const int Length = 64 << 20;
        using AlignedBuffer<float> memory = new(Length);
        memory.Values.Fill(1);
        float sink = 0;
        float* target = &sink;
        float* values = memory.Pointer;
        Timing read = Timing.Of(() => VectorDispatch.Run<MemoryRead, float>(new(values, Length, target)), seconds);
        return new(VectorDispatch.Bits, MeasureGigaflops(seconds), 4.0 * Length / read.Fastest / 1e9);
    }

    /// <summary>The peak of multiply-adds alone, which takes no memory.</summary>
    public static unsafe double MeasureGigaflops(double seconds = 0.4)
    {
        const int Rounds = 20_000;
        float sink = 0;
        float* target = &sink;
        Timing compute = Timing.Of(() => VectorDispatch.Run<MultiplyAddPeak, float>(new(Rounds, target)), seconds);
        return 2.0 * Rounds * MultiplyAddPeak.Chains * VectorDispatch.Bits / 32 / compute.Fastest / 1e9;
    }

    /// <summary>The least seconds for so many operations and bytes: the slower of both, which may overlap.</summary>
    public double LeastSeconds(double operations, double bytes) =>
        Math.Max(operations / (Gigaflops * 1e9), bytes / (GigabytesPerSecond * 1e9));
}
