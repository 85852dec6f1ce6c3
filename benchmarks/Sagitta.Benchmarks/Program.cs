using System.Diagnostics;
using BenchmarkDotNet.Running;
using Sagitta.Benchmarks.Kernels;
using Sagitta.Benchmarks.Muon;

// The table of docs/performance.md; everything else is BenchmarkDotNet's.
if (args is ["roofline"])
{
    MachinePeaks peaks = MachinePeaks.Measure();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{peaks.VectorBits} bits, {peaks.Gigaflops:F0} GFLOP/s, {peaks.GigabytesPerSecond:F1} GB/s"));
    Console.WriteLine();
    Console.Write(KernelRoofline.Table(KernelRoofline.Measure(peaks)));
    return 0;
}

// The muon network in ONNX Runtime, beside the engine.
if (args is ["onnx"])
{
    return OnnxComparison.Run(Console.Out) ? 0 : 1;
}

// Frames of the tracking calorimeter: their size, time a frame on the given number of threads, and what the process took at most. Further
// numbers are protons a frame behind 200 mm of water.
if (args is ["calorimeter", ..])
{
    int threads = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2;
    IEnumerable<(int Water, int Protons, int Edges)> sizes = args.Length > 2
        ? args[2..].Select(protons => (200, int.Parse(protons, CultureInfo.InvariantCulture), 0))
        : [(200, 100, 158_000), (100, 150, 1_600_000)];
    foreach ((int water, int protons, int edges) in sizes)
    {
        using CalorimeterBenchmark benchmark = new(threads, protons, water, edges: edges);
        Timing reconstruct = benchmark.Reconstruct();
        Timing training = benchmark.Train();
        Console.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"water {water} mm, {protons} protons: {benchmark.Segments:F0} segments, {benchmark.DirectedLinks:F0} edges; reconstruct "
            + $"{1000 * reconstruct.Fastest:F2} ms ({1000 * reconstruct.Median:F2} median)"));
        Console.Write(string.Create(
            CultureInfo.InvariantCulture, $"; train {1000 * training.Fastest:F2} ms ({1000 * training.Median:F2} median)"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"; peak memory {Environment.WorkingSet >> 20} MiB now, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB at most"));
    }

    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
