namespace Sagitta.Experiments.Landscapes.Slices;

/// <summary>Quantities at the points of a rectangular grid on a plane: for each quantity all points, x fastest.</summary>
internal sealed record SliceGrid(double[] X, double[] Y, IReadOnlyList<string> Quantities, double[][] Values)
    : MeasuredValues(Quantities, Values)
{
    public static SliceGrid Measure(IProbe probe, SlicePlane plane, double[] x, double[] y, WorkerThreads threads, IStageProgress stage,
        CancellationToken stop)
    {
        double[][] values = [.. probe.Quantities.Select(_ => new double[x.Length * y.Length])];
        double[][] parameters = [.. Enumerable.Range(0, threads.Count).Select(_ => new double[plane.Centre.Length])];
        double[][] found = [.. Enumerable.Range(0, threads.Count).Select(_ => new double[values.Length])];
        for (int j = 0; j < y.Length; j++)
        {
            stop.ThrowIfCancellationRequested();
            int row = j;
            threads.Run(x.Length, (i, worker) =>
            {
                plane.Point(x[i], y[row], parameters[worker]);
                probe.Measure(worker, parameters[worker], found[worker]);
                for (int q = 0; q < values.Length; q++)
                {
                    values[q][(row * x.Length) + i] = found[worker][q];
                }

                stage.Advance();
            });
        }

        return new(x, y, [.. probe.Quantities], values);
    }

    /// <summary>Points at equal distances.</summary>
    public static double[] Axis(double low, double high, int count) =>
        [.. Enumerable.Range(0, count).Select(i => low + (i * (high - low) / (count - 1)))];

    /// <summary>One quantity as a grid to draw.</summary>
    public ValueGrid GridOf(string quantity) => new(X, Y, Of(quantity));
}
