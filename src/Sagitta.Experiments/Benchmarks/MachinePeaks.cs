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

/// <summary>Sums all of an array, which a core can do faster than memory delivers it.</summary>
internal readonly unsafe struct MemoryRead(float* values, nint length, float* sink) : IKernel<float>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, float>
    {
        TLanes a = default, b = default, c = default, d = default;
        for (nint i = 0; i <= length - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            a += TLanes.Load(values + i);
            b += TLanes.Load(values + i + TLanes.Count);
            c += TLanes.Load(values + i + (2 * TLanes.Count));
            d += TLanes.Load(values + i + (3 * TLanes.Count));
        }

        *sink = TLanes.Sum(a + b + (c + d));
    }
}

/// <summary>Twelve independent chains of multiply-adds in registers: as many as hide the latency of two units.</summary>
internal readonly unsafe struct MultiplyAddPeak(int rounds, float* sink) : IKernel<float>
{
    internal const int Chains = 12;

    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, float>
    {
        TLanes x = TLanes.Broadcast(0.5f);
        TLanes y = TLanes.Broadcast(0.25f);
        TLanes a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, a6 = x, a7 = x, a8 = x, a9 = x, a10 = x, a11 = x;
        for (int i = 0; i < rounds; i++)
        {
            a0 = TLanes.MultiplyAdd(a0, x, y);
            a1 = TLanes.MultiplyAdd(a1, x, y);
            a2 = TLanes.MultiplyAdd(a2, x, y);
            a3 = TLanes.MultiplyAdd(a3, x, y);
            a4 = TLanes.MultiplyAdd(a4, x, y);
            a5 = TLanes.MultiplyAdd(a5, x, y);
            a6 = TLanes.MultiplyAdd(a6, x, y);
            a7 = TLanes.MultiplyAdd(a7, x, y);
            a8 = TLanes.MultiplyAdd(a8, x, y);
            a9 = TLanes.MultiplyAdd(a9, x, y);
            a10 = TLanes.MultiplyAdd(a10, x, y);
            a11 = TLanes.MultiplyAdd(a11, x, y);
        }

        a0 += a1 + (a2 + a3) + (a4 + a5 + (a6 + a7));
        *sink = TLanes.Sum(a0 + (a8 + a9 + (a10 + a11)));
    }
}
