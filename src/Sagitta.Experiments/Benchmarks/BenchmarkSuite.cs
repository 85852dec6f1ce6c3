namespace Sagitta.Experiments.Benchmarks;

/// <summary>What "sagitta bench" measures.</summary>
/// <param name="Threads">Threads of training and reconstruction.</param>
/// <param name="Seconds">Seconds of each measurement, or nearly; the whole takes about thirty times as long.</param>
internal sealed record BenchmarkSuite(int Threads, double Seconds = 1)
{
    /// <summary>Runs everything, in an order that lets the memory of training be told apart.</summary>
    public BenchmarkReport Run(IRunProgress progress, CancellationToken stop)
    {
        List<BenchmarkFigure> figures = [];
        using IStageProgress stage = progress.Begin("bench", 7, "groups");
        void Add(IEnumerable<BenchmarkFigure> some)
        {
            figures.AddRange(some);
            stage.Advance();
            stop.ThrowIfCancellationRequested();
        }

        double before = MachinePeaks.MeasureGigaflops(Math.Min(Seconds, 0.4));
        using MuonBenchmark muon = new(Threads, Seconds >= 1 ? 2048 : 256);
        Add(muon.Train(Seconds));
        Add(muon.Reconstruct(Seconds));
        Add([muon.Simulate(Seconds)]);
        Add(Fit());
        Add(Calorimeter());
        Add(
        [
            Microseconds("assignment.dense100", AssignmentBenchmark.Measure(100, Seconds)) with { Bound = 30 },
            Microseconds("assignment.dense200", AssignmentBenchmark.Measure(200, Seconds)) with { Bound = 120 },
        ]);

        // The peak is measured at both ends: a machine that is shared may have been slower at one of them.
        MachinePeaks peaks = MachinePeaks.Measure(Math.Min(Seconds, 0.4));
        peaks = peaks with { Gigaflops = Math.Max(peaks.Gigaflops, before) };
        Add(Kernels(peaks));
        return new(Threads, peaks, muon.Hits, muon.Edges, figures);
    }

    private List<BenchmarkFigure> Fit()
    {
        using FitBenchmark fit = new(DetectorFile.Load("toy16"));
        int repetitions = Math.Max(4, (int)(400 * Seconds));
        return
        [
            new("fit.forward", fit.ForwardRate(repetitions), "tracks/s") { Bound = 5e6 },
            new("fit.backward", fit.BackwardRate(repetitions), "tracks/s") { Bound = 5e6 },
            new("fit.covariance", fit.CovarianceRate(repetitions), "tracks/s") { Bound = 1e6 },
            new("fit.covarianceBackward", fit.CovarianceBackwardRate(repetitions), "tracks/s"),
        ];
    }

    private IEnumerable<BenchmarkFigure> Calorimeter() => CalorimeterBenchmark.Measure(Threads, Seconds).Select(entry =>
        new BenchmarkFigure(entry.Key, 1e3 * entry.Value.Median, "ms")
        {
            Best = 1e3 * entry.Value.Fastest,
            Bound = entry.Key.Contains("train", StringComparison.Ordinal) ? 10 : 5,
            AtMost = true,
        });

    private List<BenchmarkFigure> Kernels(MachinePeaks peaks)
    {
        KernelMeasurement product = KernelRoofline.SquareProduct(peaks);
        IReadOnlyList<KernelMeasurement> attention = KernelRoofline.Attention(peaks);
        double perEdge = 1e9 / KernelRoofline.AttentionEdges;
        return
        [
            new("matmul.gflops", product.Operations / product.Time.Median / 1e9, "GFLOP/s")
            {
                Best = product.Gigaflops,
                Bound = 0.75 * MachinePeaks.ReferenceGigaflops,
            },
            new("attention.forward", perEdge * attention[0].Time.Median, "ns/edge") { Best = perEdge * attention[0].Time.Fastest },
            new("attention.backward", perEdge * attention[1].Time.Median, "ns/edge") { Best = perEdge * attention[1].Time.Fastest },
            new("attention.both", perEdge * attention.Sum(a => a.Time.Median), "ns/edge")
            {
                Best = perEdge * attention.Sum(a => a.Time.Fastest),
                Bound = 22,
                AtMost = true,
            },
            new("peak.gflops", peaks.Gigaflops, "GFLOP/s"),
            new("peak.gigabytes", peaks.GigabytesPerSecond, "GB/s"),
        ];
    }

    private static BenchmarkFigure Microseconds(string name, Timing time) =>
        new(name, 1e6 * time.Median, "us") { Best = 1e6 * time.Fastest, AtMost = true };
}
