namespace Sagitta.Experiments.Benchmarks;

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
