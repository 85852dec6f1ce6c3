namespace Sagitta.Experiments.Landscapes.Connectivity;

/// <summary>Quantities along a path between two models: values of each at points t from 0 to 1.</summary>
internal sealed record PathProfile(string Kind, double[] T, IReadOnlyList<string> Quantities, double[][] Values)
    : MeasuredValues(Quantities, Values)
{
    public static PathProfile Measure(string kind, IProbe probe, float[] start, float[] control, float[] end, int count,
        WorkerThreads threads, IStageProgress stage, CancellationToken stop)
    {
        double[] t = [.. Enumerable.Range(0, count).Select(i => i / (count - 1.0))];
        double[][] values = [.. probe.Quantities.Select(_ => new double[count])];
        stop.ThrowIfCancellationRequested();
        threads.Run(count, (i, worker) =>
        {
            float[] point = new float[start.Length];
            double[] parameters = new double[start.Length];
            double[] found = new double[values.Length];
            QuadraticBezier.Point(start, control, end, t[i], point);
            for (int k = 0; k < point.Length; k++)
            {
                parameters[k] = point[k];
            }

            probe.Measure(worker, parameters, found);
            for (int q = 0; q < values.Length; q++)
            {
                values[q][i] = found[q];
            }

            stage.Advance();
        });
        return new(kind, t, [.. probe.Quantities], values);
    }

    /// <summary>Highest value along the path above the straight interpolation of its ends: the barrier.</summary>
    public double Barrier(string quantity)
    {
        double[] values = Of(quantity);
        double highest = double.NegativeInfinity;
        for (int i = 0; i < values.Length; i++)
        {
            highest = Math.Max(highest, values[i] - (((1 - T[i]) * values[0]) + (T[i] * values[^1])));
        }

        return highest;
    }
}
