namespace Sagitta.Experiments.Benchmarks;

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
