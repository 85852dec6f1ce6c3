namespace Sagitta.Experiments.Benchmarks;

/// <summary>Exact assignment of dense matrices of uniform random costs, one core.</summary>
internal static class AssignmentBenchmark
{
    /// <summary>Seconds a problem of that size, over 16 different ones.</summary>
    public static Timing Measure(int size, double seconds)
    {
        const int Problems = 16;
        using DenseAssignment solver = new();
        double[] costs = new double[Problems * size * size];
        RandomDraws draws = RandomKey.FromSeed(1).Split("assignment-benchmark").Draws();
        foreach (ref double cost in costs.AsSpan())
        {
            cost = draws.NextUniform();
        }

        int[] columnOfRow = new int[size];
        Timing all = Timing.Of(
            () =>
            {
                for (int i = 0; i < Problems; i++)
                {
                    solver.Solve<double>(costs.AsSpan(i * size * size, size * size), size, size, columnOfRow);
                }
            },
            seconds);
        return new(all.Fastest / Problems, all.Median / Problems, all.Percentile99 / Problems, all.Samples);
    }
}
