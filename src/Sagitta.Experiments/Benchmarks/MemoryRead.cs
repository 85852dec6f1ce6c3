namespace Sagitta.Experiments.Benchmarks;

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
