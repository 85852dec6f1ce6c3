namespace Sagitta.Experiments.Landscapes.Slices;

/// <summary>Quantities at the points of a rectangular grid on a plane: for each quantity all points, x fastest.</summary>
internal sealed record SliceGrid(double[] X, double[] Y, IReadOnlyList<string> Quantities, double[][] Values)
    : MeasuredValues(Quantities, Values)
{
    public static SliceGrid Measure(IProbe probe, SlicePlane plane, double[] x, double[] y, WorkerThreads threads, IStageProgress stage,
        CancellationToken stop, Ranks? ranks = null) =>
            new(x, y, [.. probe.Quantities], Measure(probe, x.Length * y.Length, plane.Centre.Length,
            (i, parameters) => plane.Point(x[i % x.Length], y[i / x.Length], parameters), threads, stage, stop, ranks));

    /// <summary>Points at equal distances.</summary>
    public static double[] Axis(double low, double high, int count) =>
        [.. Enumerable.Range(0, count).Select(i => low + (i * (high - low) / (count - 1)))];

    public ValueGrid GridOf(string quantity) => new(X, Y, Of(quantity));
}
