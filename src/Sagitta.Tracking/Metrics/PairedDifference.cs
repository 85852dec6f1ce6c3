using MathNet.Numerics.Distributions;

namespace Sagitta.Tracking.Metrics;

/// <summary>A difference between two methods over the same seeds and events, with an interval.</summary>
/// <param name="Value">Mean over seeds.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
internal readonly record struct PairedDifference(double Value, double Low, double High)
{
    /// <summary>The mean of per-seed differences with Student's t over seeds, the variance due to the finite sample of events added: all
    /// seeds are evaluated on the same events, so their spread does not contain it.</summary>
    /// <param name="differences">One difference a seed.</param>
    /// <param name="eventVariance">Variance of the mean difference under resampling of events, from <see cref="EventBootstrap"/>.</param>
    /// <param name="confidence">Coverage of the interval.</param>
    /// <returns>With a single seed the interval has only the events' variance, as a normal one; NaN without seeds.</returns>
    public static PairedDifference OverSeeds(ReadOnlySpan<double> differences, double eventVariance, double confidence = 0.95)
    {
        int n = differences.Length;
        double mean = 0;
        foreach (double difference in differences)
        {
            mean += difference / n;
        }

        if (n == 0 || !double.IsFinite(mean))
        {
            return new(double.NaN, double.NaN, double.NaN);
        }

        double seeds = 0;
        foreach (double difference in differences)
        {
            seeds += n > 1 ? (difference - mean) * (difference - mean) / (n - 1) / n : 0;
        }

        double upper = (1 + confidence) / 2;
        double quantile = n > 1 ? StudentT.InvCDF(0, 1, n - 1, upper) : Normal.InvCDF(0, 1, upper);
        double half = quantile * Math.Sqrt(seeds + eventVariance);
        return new(mean, mean - half, mean + half);
    }

    /// <summary>The two-sided probability of a difference as far from 0 as this one if there is none, by the law that an interval of
    /// <see cref="OverSeeds"/> at 95 % has.</summary>
    /// <param name="seeds">How many differences it is the mean of.</param>
    public double PValue(int seeds)
    {
        const double Upper = 0.975;
        double quantile = seeds > 1 ? StudentT.InvCDF(0, 1, seeds - 1, Upper) : Normal.InvCDF(0, 1, Upper);
        double distance = -Math.Abs(Value) * quantile / (High - Value);
        return Value == 0 ? 1 : 2 * (seeds > 1 ? StudentT.CDF(0, 1, seeds - 1, distance) : Normal.CDF(0, 1, distance));
    }

    /// <summary>The difference between shares of events: for each seed the flags (0 or 1) of the same events by two methods. Of <paramref
    /// name="overlays"/> equally long parts, events at the same place are of the same muon and no independent observations. NaN without
    /// seeds.</summary>
    public static PairedDifference OfShares(IReadOnlyList<(byte[] A, byte[] B)> pairs, int overlays = 1)
    {
        double[] differences = new double[pairs.Count];
        int events = pairs.Count == 0 ? 0 : pairs[0].A.Length;
        if (overlays < 1 || events % overlays != 0 || pairs.Any(p => p.A.Length != events || p.B.Length != events))
        {
            throw new ArgumentException($"{events} events in {overlays} parts: give flags of the same events, a whole number in each part.",
                nameof(pairs));
        }

        double[] muons = new double[events / overlays];
        for (int i = 0; i < pairs.Count; i++)
        {
            for (int e = 0; e < events; e++)
            {
                double difference = pairs[i].A[e] - pairs[i].B[e];
                differences[i] += difference / events;
                muons[e % muons.Length] += difference / overlays / pairs.Count;
            }
        }

        double mean = muons.Length == 0 ? 0 : muons.Average();
        double variance = muons.Sum(x => (x - mean) * (x - mean)) / Math.Max(1.0, (double)muons.Length * (muons.Length - 1));
        return OverSeeds(differences, variance);
    }
}
