namespace Sagitta.Experiments.Calorimeter;

/// <summary>Differences of two methods on the same frames, paired by frame and seed.</summary>
internal static class FramePairs
{
    private const int Replicas = 1000;

    /// <summary>Mean of the other's values minus the first's, with a 95 % interval of seeds and, by resampling, of frames.</summary>
    /// <param name="first">For each seed a value a frame; a method without seeds has one list.</param>
    /// <param name="other">The same of the other method. Frames where any value is no number are left out.</param>
    /// <param name="key">For the resampling.</param>
    public static PairedDifference Difference(
        IReadOnlyList<IReadOnlyList<double>> first, IReadOnlyList<IReadOnlyList<double>> other, RandomKey key)
    {
        int seeds = first.Count == 1 || other.Count == 1 ? Math.Max(first.Count, other.Count) : Math.Min(first.Count, other.Count);
        int[] frames = [.. Enumerable.Range(0, first[0].Count)
            .Where(frame => first.Concat(other).All(seed => double.IsFinite(seed[frame])))];
        double[][] differences = [.. Enumerable.Range(0, seeds).Select(seed => frames.Select(frame =>
            other[other.Count == 1 ? 0 : seed][frame] - first[first.Count == 1 ? 0 : seed][frame]).ToArray())];
        double[] means = [.. Enumerable.Range(0, frames.Length).Select(frame => differences.Average(seed => seed[frame]))];
        double variance = EventBootstrap.Variance(means.Length, Replicas, key.Split("compare frames"), chosen =>
        {
            double sum = 0;
            foreach (int frame in chosen.Span)
            {
                sum += means[frame] / means.Length;
            }

            return sum;
        });
        return PairedDifference.OverSeeds([.. differences.Select(seed => seed.Length == 0 ? double.NaN : seed.Average())], variance);
    }
}
