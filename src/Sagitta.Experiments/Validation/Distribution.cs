using Sagitta.Autodiff.Randomness;

namespace Sagitta.Experiments.Validation;

/// <summary>A sample of one quantity, sorted, with the statistics that comparisons need and their standard errors.</summary>
public sealed class Distribution
{
    private const int ModeBins = 100;
    private readonly double[] _sorted;

    /// <summary>Sorts a copy of the values; there must be some, and none may be NaN.</summary>
    public Distribution(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            throw new ArgumentException("A distribution needs values.", nameof(values));
        }

        _sorted = [.. values];
        Array.Sort(_sorted);
    }

    /// <summary>The values in ascending order.</summary>
    public ReadOnlySpan<double> Sorted => _sorted;

    /// <summary>How many there are.</summary>
    public int Count => _sorted.Length;

    /// <summary>The quantile at a fraction, between neighbours by straight lines.</summary>
    public double Quantile(double fraction)
    {
        double at = Math.Clamp(fraction, 0, 1) * (Count - 1);
        int i = Math.Min((int)at, Count - 2);
        return Count == 1 ? _sorted[0] : _sorted[i] + ((at - i) * (_sorted[i + 1] - _sorted[i]));
    }

    /// <summary>
    /// Standard error of the quantile: half the distance of the quantiles one binomial standard deviation to either side (Woodruff,
    /// J. Am. Stat. Assoc. 47 (1952) 635).
    /// </summary>
    public double QuantileError(double fraction)
    {
        double deviation = Math.Sqrt(fraction * (1 - fraction) / Count);
        return (Quantile(fraction + deviation) - Quantile(fraction - deviation)) / 2;
    }

    /// <summary>
    /// The most probable value: where a histogram of <paramref name="bins"/> bins up to the 95th percentile, smoothed by a Gaussian of six
    /// bins, is highest, by a parabola through the highest three.
    /// </summary>
    public double Mode(int bins = ModeBins)
    {
        double low = _sorted[0];
        double step = (Quantile(0.95) - low) / bins;
        if (!(step > 0))
        {
            return low;
        }

        var counts = new double[bins];
        foreach (double value in _sorted)
        {
            int bin = (int)((value - low) / step);
            if (bin < bins)
            {
                counts[bin]++;
            }
        }

        return low + (HighestBin(counts) * step);
    }

    /// <summary>
    /// Standard error of the mode by the bootstrap: samples of at most 20,000 values are drawn with replacement, and their spread is scaled to the
    /// number of values.
    /// </summary>
    public double ModeError(RandomKey key)
    {
        const int Replicas = 24;
        const int Largest = 20_000;
        int size = Math.Min(Count, Largest);
        double low = _sorted[0];
        double step = (Quantile(0.95) - low) / ModeBins;
        RandomDraws draws = key.Draws();
        var counts = new double[ModeBins];
        double sum = 0;
        double squares = 0;
        for (int replica = 0; replica < Replicas; replica++)
        {
            Array.Clear(counts);
            for (int i = 0; i < size; i++)
            {
                int bin = (int)((_sorted[draws.NextIndex(Count)] - low) / step);
                if (bin < ModeBins)
                {
                    counts[bin]++;
                }
            }

            double mode = HighestBin(counts) * step;
            sum += mode;
            squares += mode * mode;
        }

        double variance = Math.Max((squares / Replicas) - (sum / Replicas * sum / Replicas), 0) * Replicas / (Replicas - 1);
        return Math.Sqrt(variance * size / Count);
    }

    /// <summary>The fraction of values further from <paramref name="centre"/> than <paramref name="distance"/>.</summary>
    public double FractionBeyond(double centre, double distance)
    {
        int beyond = 0;
        foreach (double value in _sorted)
        {
            beyond += Math.Abs(value - centre) > distance ? 1 : 0;
        }

        return (double)beyond / Count;
    }

    /// <summary>The largest distance between the two cumulative distributions (Kolmogorov and Smirnov), ties taken together.</summary>
    public static double KolmogorovSmirnov(Distribution a, Distribution b)
    {
        int i = 0;
        int j = 0;
        double largest = 0;
        while (i < a.Count && j < b.Count)
        {
            double value = Math.Min(a._sorted[i], b._sorted[j]);
            while (i < a.Count && a._sorted[i] <= value)
            {
                i++;
            }

            while (j < b.Count && b._sorted[j] <= value)
            {
                j++;
            }

            largest = Math.Max(largest, Math.Abs(((double)i / a.Count) - ((double)j / b.Count)));
        }

        return largest;
    }

    /// <summary>Counts in bins between ascending edges, as fractions of all values.</summary>
    public double[] Fractions(ReadOnlySpan<double> edges)
    {
        var fractions = new double[edges.Length - 1];
        for (int i = 0; i + 1 < edges.Length; i++)
        {
            fractions[i] = (double)(Below(edges[i + 1]) - Below(edges[i])) / Count;
        }

        return fractions;
    }

    // Where smoothed counts are highest, in bins.
    private static double HighestBin(double[] counts)
    {
        const double Width = 6;
        int bins = counts.Length;
        var smooth = new double[bins];
        int best = 1;
        for (int i = 1; i < bins - 1; i++)
        {
            double weight = 0;
            for (int j = 0; j < bins; j++)
            {
                double distance = (i - j) / Width;
                double w = Math.Exp(-0.5 * distance * distance);
                smooth[i] += w * counts[j];
                weight += w;
            }

            smooth[i] /= weight;
            best = smooth[i] > smooth[best] ? i : best;
        }

        best = Math.Clamp(best, 2, bins - 3);
        double curvature = smooth[best - 1] - (2 * smooth[best]) + smooth[best + 1];
        double shift = curvature < 0 ? (smooth[best - 1] - smooth[best + 1]) / (2 * curvature) : 0;
        return best + 0.5 + Math.Clamp(shift, -1, 1);
    }

    private int Below(double value)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
