namespace Sagitta.Tracking.Metrics;

/// <summary>The variance of a statistic under resampling of events with replacement (Efron, Ann. Stat. 7, 1979).</summary>
internal static class EventBootstrap
{
    /// <summary>Evaluates <paramref name="statistic"/> on <paramref name="replicas"/> resamplings of 0 .. events - 1 and returns the
    /// variance of its finite values; NaN with fewer than two.</summary>
    public static double Variance(int events, int replicas, RandomKey key, Func<ReadOnlyMemory<int>, double> statistic)
    {
        int[] chosen = new int[events];
        double count = 0;
        double mean = 0;
        double sum = 0;
        for (int replica = 0; replica < replicas; replica++)
        {
            RandomDraws draws = key.Split((ulong)replica).Draws();
            foreach (ref int index in chosen.AsSpan())
            {
                index = draws.NextIndex(events);
            }

            double value = statistic(chosen);
            if (double.IsFinite(value))
            {
                count++;
                double delta = value - mean;
                mean += delta / count;
                sum += delta * (value - mean);
            }
        }

        return count > 1 ? sum / (count - 1) : double.NaN;
    }
}
