using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Kernels;

/// <summary>The three products of a linear layer, beside the scalar reference.</summary>
public unsafe class MatrixProductBenchmarks
{
    private AlignedBuffer<float> _x = null!;
    private AlignedBuffer<float> _w = null!;
    private AlignedBuffer<float> _y = null!;
    private AlignedBuffer<float> _scratch = null!;

    [Params(512, 158_000)]
    public int Rows { get; set; }

    [Params("16-16", "32-32", "64-64", "144-16")]
    public string Shape { get; set; } = "";

    private int Inputs => int.Parse(Shape.Split('-')[0]);

    private int Outputs => int.Parse(Shape.Split('-')[1]);

    [GlobalSetup]
    public void Setup()
    {
        _x = new(Rows * Inputs);
        _w = new(Inputs * Outputs);
        _y = new(Rows * Outputs);
        _scratch = new(MatrixProduct.ScratchLength<float>(Inputs, Outputs));
        _x.Values.Fill(0.5f);
        _w.Values.Fill(0.25f);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _x.Dispose();
        _w.Dispose();
        _y.Dispose();
        _scratch.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Forward() => MatrixProduct.Forward(Rows, Inputs, Outputs, _x.Pointer, _w.Pointer, null, _y.Pointer);

    [Benchmark]
    public void InputGradient() => MatrixProduct.InputGradient(Rows, Inputs, Outputs, _y.Pointer, _w.Pointer, _x.Pointer, _scratch.Pointer);

    [Benchmark]
    public void WeightGradient() => MatrixProduct.WeightGradient(Rows, Inputs, Outputs, _x.Pointer, _y.Pointer, _w.Pointer);

    [Benchmark]
    public void ForwardReference() => MatrixProductReference.Forward(Rows, Inputs, Outputs, _x.Pointer, _w.Pointer, null, _y.Pointer);
}
