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
    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, float>
        where TVector : unmanaged
    {
        TVector a = default, b = default, c = default, d = default;
        for (nint i = 0; i <= length - (4 * TWidth.Lanes); i += 4 * TWidth.Lanes)
        {
            a = TWidth.Add(a, TWidth.Load(values + i));
            b = TWidth.Add(b, TWidth.Load(values + i + TWidth.Lanes));
            c = TWidth.Add(c, TWidth.Load(values + i + (2 * TWidth.Lanes)));
            d = TWidth.Add(d, TWidth.Load(values + i + (3 * TWidth.Lanes)));
        }

        *sink = TWidth.Sum(TWidth.Add(TWidth.Add(a, b), TWidth.Add(c, d)));
    }
}

/// <summary>Twelve independent chains of multiply-adds in registers: as many as hide the latency of two units.</summary>
internal readonly unsafe struct MultiplyAddPeak(int rounds, float* sink) : IKernel<float>
{
    internal const int Chains = 12;

    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, float>
        where TVector : unmanaged
    {
        TVector x = TWidth.Create(0.5f);
        TVector y = TWidth.Create(0.25f);
        TVector a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, a6 = x, a7 = x, a8 = x, a9 = x, a10 = x, a11 = x;
        for (int i = 0; i < rounds; i++)
        {
            a0 = TWidth.MultiplyAdd(a0, x, y);
            a1 = TWidth.MultiplyAdd(a1, x, y);
            a2 = TWidth.MultiplyAdd(a2, x, y);
            a3 = TWidth.MultiplyAdd(a3, x, y);
            a4 = TWidth.MultiplyAdd(a4, x, y);
            a5 = TWidth.MultiplyAdd(a5, x, y);
            a6 = TWidth.MultiplyAdd(a6, x, y);
            a7 = TWidth.MultiplyAdd(a7, x, y);
            a8 = TWidth.MultiplyAdd(a8, x, y);
            a9 = TWidth.MultiplyAdd(a9, x, y);
            a10 = TWidth.MultiplyAdd(a10, x, y);
            a11 = TWidth.MultiplyAdd(a11, x, y);
        }

        a0 = TWidth.Add(TWidth.Add(TWidth.Add(a0, a1), TWidth.Add(a2, a3)), TWidth.Add(TWidth.Add(a4, a5), TWidth.Add(a6, a7)));
        *sink = TWidth.Sum(TWidth.Add(a0, TWidth.Add(TWidth.Add(a8, a9), TWidth.Add(a10, a11))));
    }
}
