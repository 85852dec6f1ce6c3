namespace Sagitta.Experiments.Benchmarks;

/// <summary>One line of "sagitta bench".</summary>
/// <param name="Name">Its name in the JSON file: "muon.train".</param>
/// <param name="Value">The figure: the median of its samples.</param>
/// <param name="Unit">"events/s", "us".</param>
internal sealed record BenchmarkFigure(string Name, double Value, string Unit)
{
    /// <summary>The best sample, which says what the code can do where other programs disturb; NaN where there is none.</summary>
    public double Best { get; init; } = double.NaN;

    /// <summary>What is asked for on a core whose peak is <see cref="MachinePeaks.ReferenceGigaflops"/>; NaN where nothing is.</summary>
    public double Bound { get; init; } = double.NaN;

    /// <summary>Whether the bound is a time or another number that must not be exceeded.</summary>
    public bool AtMost { get; init; }

    /// <summary>Whether the bound depends on the speed of the machine.</summary>
    public bool Scales { get; init; } = true;

    /// <summary>The bound on a core of that peak: rates grow with it, times fall.</summary>
    public double BoundAt(double gigaflops)
    {
        double speed = gigaflops / MachinePeaks.ReferenceGigaflops;
        return !Scales ? Bound : AtMost ? Bound / speed : Bound * speed;
    }

    /// <summary>Whether the scaled bound is reached; null without a bound.</summary>
    public bool? Reached(double gigaflops) => double.IsNaN(Bound) ? null : AtMost ? Value <= BoundAt(gigaflops)
        : Value >= BoundAt(gigaflops);
}
