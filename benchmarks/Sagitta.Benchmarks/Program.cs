using BenchmarkDotNet.Running;
using Sagitta.Experiments.Benchmarks;

// The table of docs/performance.md; everything else is BenchmarkDotNet's.
if (args is ["roofline"])
{
    MachinePeaks peaks = MachinePeaks.Measure();
    Console.WriteLine(FormattableString.Invariant($"{peaks.VectorBits} bits, {peaks.Gigaflops:F0} GFLOP/s, {peaks.GigabytesPerSecond:F1} GB/s"));
    Console.WriteLine();
    Console.Write(KernelRoofline.Table(KernelRoofline.Measure(peaks)));
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
