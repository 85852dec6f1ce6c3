namespace Sagitta.Experiments.Benchmarks;

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
