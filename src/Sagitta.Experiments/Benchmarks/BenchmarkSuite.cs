namespace Sagitta.Experiments.Benchmarks;

/// <summary>What "sagitta bench" measures.</summary>
/// <param name="Groups">Makes the groups of the systems, by threads and seconds of a measurement, in an order that lets the memory of
/// training be told apart.</param>
/// <param name="Threads">Threads of training and reconstruction.</param>
/// <param name="Seconds">Seconds of each measurement, or nearly; the whole takes about thirty times as long.</param>
internal sealed record BenchmarkSuite(IReadOnlyList<Func<int, double, BenchmarkGroup>> Groups, int Threads, double Seconds = 1)
{
    /// <summary>Runs the groups of the systems, then the engine's own.</summary>
    public BenchmarkReport Run(IRunProgress progress, CancellationToken stop)
    {
        List<BenchmarkFigure> figures = [];
        List<EventSizes> sizes = [];
        using IStageProgress stage = progress.Begin("bench", 0, "measurements");
        double before = MachinePeaks.MeasureGigaflops(Math.Min(Seconds, 0.4));
        foreach (Func<int, double, BenchmarkGroup> create in Groups)
        {
            using BenchmarkGroup group = create(Threads, Seconds);
            sizes.AddRange(group.Sizes);
            foreach (IReadOnlyList<BenchmarkFigure> measured in group.Run(Seconds))
            {
                Add(measured);
            }
        }

        Add([Assignment("assignment.dense100", 100, bound: 30), Assignment("assignment.dense200", 200, bound: 120)]);

        // The peak is measured at both ends: a machine that is shared may have been slower at one of them.
        MachinePeaks peaks = MachinePeaks.Measure(Math.Min(Seconds, 0.4));
        peaks = peaks with { Gigaflops = Math.Max(peaks.Gigaflops, before) };
        Add(KernelBenchmark.Figures(peaks));
        return new(Threads, peaks, sizes, figures);

        void Add(IEnumerable<BenchmarkFigure> measured)
        {
            figures.AddRange(measured);
            stage.Advance();
            stop.ThrowIfCancellationRequested();
        }
    }

    private BenchmarkFigure Assignment(string name, int size, double bound) =>
        BenchmarkFigure.Time(name, FitBenchmark.Assignment(size, Seconds), 1e6, "us", bound);
}

/// <summary>Measurements of one system.</summary>
internal abstract class BenchmarkGroup : IDisposable
{
    /// <summary>Mean sizes of the events that are measured, for the head of the report.</summary>
    public virtual IReadOnlyList<EventSizes> Sizes => [];

    /// <summary>Runs one measurement after the other, each of about so many seconds.</summary>
    public abstract IEnumerable<IReadOnlyList<BenchmarkFigure>> Run(double seconds);

    public abstract void Dispose();
}

/// <summary>Names and means of how large the events of a system are: hits, edges.</summary>
internal sealed record EventSizes(string System, IReadOnlyList<(string Name, double Mean)> Means);
