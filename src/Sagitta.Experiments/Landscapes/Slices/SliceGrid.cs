namespace Sagitta.Experiments.Landscapes.Slices;

/// <summary>Quantities at the points of a rectangular grid on a plane.</summary>
/// <param name="X">Coordinates along the first direction.</param>
/// <param name="Y">Coordinates along the second.</param>
/// <param name="Quantities">Names of what was measured.</param>
/// <param name="Values">For each quantity all points, x fastest.</param>
internal sealed record SliceGrid(double[] X, double[] Y, IReadOnlyList<string> Quantities, double[][] Values)
{
    /// <summary>Measures on a grid.</summary>
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
    public ValueGrid Of(string quantity) => new(X, Y, Values[IndexOf(quantity)]);

    /// <summary>All values of one quantity.</summary>
    public double[] ValuesOf(string quantity) => Values[IndexOf(quantity)];

    private int IndexOf(string quantity)
    {
        for (int i = 0; i < Quantities.Count; i++)
        {
            if (Quantities[i] == quantity)
            {
                return i;
            }
        }

        throw new ArgumentException($"There is no '{quantity}' among {string.Join(", ", Quantities)}.", nameof(quantity));
    }
}
