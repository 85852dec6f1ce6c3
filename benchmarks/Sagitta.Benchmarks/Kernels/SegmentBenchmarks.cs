using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Kernels;

/// <summary>Sums, maxima, normalisation and gathers over 170 groups of 14 rows, one muon event's edges, each beside its scalar reference
/// where that has one.</summary>
public unsafe class SegmentBenchmarks : IDisposable
{
    private const int Groups = 170;
    private const int Degree = 14;
    private const int Columns = 32;
    private readonly AlignedBuffer<float> _x = new(Groups * Degree * Columns);
    private readonly AlignedBuffer<float> _y = new(Groups * Columns);
    private readonly AlignedBuffer<float> _gain = new(Columns);
    private readonly AlignedBuffer<float> _moments = new(2 * Groups);
    private readonly AlignedBuffer<int> _offsets = new(Groups + 1);
    private readonly AlignedBuffer<int> _sources = new(Groups * Degree);

    public SegmentBenchmarks()
    {
        for (int i = 0; i <= Groups; i++)
        {
            _offsets.Values[i] = i * Degree;
        }

        for (int i = 0; i < Groups * Degree; i++)
        {
            _sources.Values[i] = i * 7 % Groups;
        }

        for (int i = 0; i < _x.Length; i++)
        {
            _x.Values[i] = (i % 17) - 8;
        }

        _gain.Values.Fill(1);
    }

    [Benchmark]
    public void Sum() => VectorDispatch.Run<OrderedRowSum<float>, float>(
        new(Groups, Columns, _offsets.Pointer, null, _x.Pointer, _y.Pointer));

    [Benchmark]
    public void SumReference() => SegmentReference.AddOrdered(Groups, Columns, _offsets.Pointer, null, _x.Pointer, _y.Pointer);

    [Benchmark]
    public void Maximum() => VectorDispatch.Run<SegmentLargest<float>, float>(
        new(Groups, Columns, _offsets.Pointer, _x.Pointer, _y.Pointer));

    [Benchmark]
    public void Gather() => VectorDispatch.Run<RowGather<float>, float>(
        new(Groups * Degree, Columns, _sources.Pointer, _y.Pointer, Columns, _x.Pointer, Columns));

    [Benchmark]
    public void LayerNormalisation() =>
        VectorDispatch.Run<RowNormalisation<float>, float>(
            new(Groups, Columns, _x.Pointer, _gain.Pointer, _gain.Pointer, 1e-5f, _y.Pointer, _moments.Pointer));

    public void Dispose()
    {
        _x.Dispose();
        _y.Dispose();
        _gain.Dispose();
        _moments.Dispose();
        _offsets.Dispose();
        _sources.Dispose();
        GC.SuppressFinalize(this);
    }
}
