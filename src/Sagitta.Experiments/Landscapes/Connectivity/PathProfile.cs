namespace Sagitta.Experiments.Landscapes.Connectivity;

/// <summary>Quantities along a path between two models: values of each at points t from 0 to 1.</summary>
internal sealed record PathProfile(string Kind, double[] T, IReadOnlyList<string> Quantities, double[][] Values)
    : MeasuredValues(Quantities, Values)
{
    public static PathProfile Measure(string kind, IProbe probe, float[] start, float[] control, float[] end, int count,
        WorkerThreads threads, IStageProgress stage, CancellationToken stop, Ranks? ranks = null)
    {
        double[] t = [.. Enumerable.Range(0, count).Select(i => i / (count - 1.0))];
        double[][] values = Measure(probe, count, start.Length, (i, parameters) =>
        {
            float[] point = new float[start.Length];
            QuadraticBezier.Point(start, control, end, t[i], point);
            Array.ConvertAll(point, x => (double)x).CopyTo(parameters, 0);
        }, threads, stage, stop, ranks);
        return new(kind, t, [.. probe.Quantities], values);
    }

    /// <summary>Highest value along the path above the straight interpolation of its ends: the barrier.</summary>
    public double Barrier(string quantity)
    {
        double[] values = Of(quantity);
        return values.Select((value, i) => value - (((1 - T[i]) * values[0]) + (T[i] * values[^1]))).Max();
    }
}
