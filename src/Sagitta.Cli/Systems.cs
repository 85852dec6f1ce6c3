namespace Sagitta.Cli;

/// <summary>The systems that verbs ask.</summary>
internal static class Systems
{
    /// <summary>Systems whose models can be analysed, in the order in which that is done.</summary>
    public static IReadOnlyList<LandscapeSystem> Landscapes { get; } = [new CalorimeterLandscape(), new MuonLandscape()];

    /// <summary>What is benchmarked, made for threads and seconds of a measurement.</summary>
    public static IReadOnlyList<Func<int, double, BenchmarkGroup>> Benchmarks { get; } =
    [
        (threads, seconds) => new MuonBenchmark(threads, seconds >= 1 ? 2048 : 256),
        (_, _) => new FitBenchmark(DetectorFile.Load("toy16")),

        // A frame of 100 protons behind 200 mm of water with about 7,000 segments.
        (threads, _) => new CalorimeterBenchmark(threads, edges: 158_000),
    ];
}
