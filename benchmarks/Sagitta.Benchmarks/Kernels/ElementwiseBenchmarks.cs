using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Kernels;

/// <summary>Activations over one event's hits times 32, beside the base library's exponential.</summary>
public unsafe class ElementwiseBenchmarks
{
    private const int Length = 170 * 32;
    private readonly AlignedBuffer<float> _x = new(Length);
    private readonly AlignedBuffer<float> _y = new(Length);

    [GlobalSetup]
    public void Setup()
    {
        for (int i = 0; i < Length; i++)
        {
            _x.Values[i] = (i % 17) - 8;
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _x.Dispose();
        _y.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void LibraryExponential() => System.Numerics.Tensors.TensorPrimitives.Exp(_x.Values, _y.Values);

    [Benchmark]
    public void Exponential() => Elementwise.Map(_x.Pointer, _y.Pointer, Length, default(Exponential<float>));

    [Benchmark]
    public void ExponentialLinear() => Elementwise.Map(_x.Pointer, _y.Pointer, Length, new ExponentialLinear<float>(1));

    [Benchmark]
    public void LeakyRectifier() => Elementwise.Map(_x.Pointer, _y.Pointer, Length, new LeakyRectifier<float>(0.2f));
}
