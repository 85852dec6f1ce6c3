namespace Sagitta.Experiments.Validation;

/// <summary>A sample of one quantity, sorted, with the statistics that comparisons need and their standard errors.</summary>
internal sealed class Distribution
{
    private const int ModeBins = 100;
    private readonly double[] _sorted;

    // Per value in ascending order, the event that it is of; empty where each is one of its own.
    private readonly int[] _events;
    private readonly int _eventCount;

    /// <summary>Sorts a copy of the values; there must be some, and none may be NaN.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="events">Per value the index of its event, not negative: values of one event belong together, so errors are those of
    /// drawing whole events. Null where each value is an event of its own.</param>
    public Distribution(IReadOnlyCollection<double> values, IReadOnlyCollection<int>? events = null)
    {
        if (values.Count == 0)
        {
            throw new ArgumentException("A distribution needs values.", nameof(values));
        }

        if (events is not null && events.Count != values.Count)
        {
            throw new ArgumentException($"Give one event a value: {values.Count}, not {events.Count}.", nameof(events));
        }

        _sorted = [.. values];
        _events = events is null ? [] : [.. events];
        Array.Sort(_sorted, events is null ? null : _events);
        _eventCount = events is null ? 0 : _events.Max() + 1;
    }

    /// <summary>The values in ascending order.</summary>
    public ReadOnlySpan<double> Sorted => _sorted;
    public int Count => _sorted.Length;

    /// <summary>The quantile at a fraction, between neighbours by straight lines.</summary>
    public double Quantile(double fraction)
    {
        double at = Math.Clamp(fraction, 0, 1) * (Count - 1);
        int i = Math.Min((int)at, Count - 2);
        return Count == 1 ? _sorted[0] : _sorted[i] + ((at - i) * (_sorted[i + 1] - _sorted[i]));
    }

    /// <summary>Standard error of the quantile: half the distance of the quantiles one standard error of the cumulative fraction to either
    /// side (Woodruff, J. Am. Stat. Assoc. 47 (1952) 635).</summary>
    public double QuantileError(double fraction)
    {
        double error = CumulativeError(fraction);
        return (Quantile(fraction + error) - Quantile(fraction - error)) / 2;
    }

    /// <summary>Standard error of the distance between two quantiles, their correlation included.</summary>
    public double SpanError(double low, double high)
    {
        double errorLow = QuantileError(low);
        double errorHigh = QuantileError(high);
        double correlation = Covariance(low, high) / Math.Sqrt(Covariance(low, low) * Covariance(high, high));
        return Math.Sqrt(Math.Max((errorLow * errorLow) + (errorHigh * errorHigh) - (2 * correlation * errorLow * errorHigh), 0));
    }

    /// <summary>Standard error of the fraction of values up to a quantile, whole events being drawn.</summary>
    public double CumulativeError(double fraction) => Math.Sqrt(Covariance(fraction, fraction));

    /// <summary>The most probable value: where a histogram of <paramref name="bins"/> bins up to the 95th percentile, smoothed by a
    /// Gaussian of six bins, is highest, by a parabola through the highest three.</summary>
    public double Mode(int bins = ModeBins)
    {
        double low = _sorted[0];
        double step = (Quantile(0.95) - low) / bins;
        if (!(step > 0))
        {
            return low;
        }

        double[] counts = new double[bins];
        foreach (double value in _sorted.TakeWhile(value => (int)((value - low) / step) < bins))
        {
            counts[(int)((value - low) / step)]++;
        }

        return low + (HighestBin(counts) * step);
    }

    /// <summary>Standard error of the mode by the bootstrap: each event is taken as often as a Poisson draw of mean 1 says.</summary>
    public double ModeError(RandomKey key)
    {
        const int Replicas = 24;
        double low = _sorted[0];
        double step = (Quantile(0.95) - low) / ModeBins;
        if (!(step > 0))
        {
            return 0;
        }

        RandomDraws draws = key.Draws();
        var weights = new byte[_events.Length == 0 ? Count : _eventCount];
        var counts = new double[ModeBins];
        double sum = 0;
        double squares = 0;
        for (int replica = 0; replica < Replicas; replica++)
        {
            foreach (ref byte weight in weights.AsSpan())
            {
                weight = Poisson(ref draws);
            }

            Array.Clear(counts);
            for (int i = 0; i < Count; i++)
            {
                int bin = (int)((_sorted[i] - low) / step);
                if (bin >= ModeBins)
                {
                    break;
                }

                counts[bin] += weights[_events.Length == 0 ? i : _events[i]];
            }

            double mode = HighestBin(counts) * step;
            sum += mode;
            squares += mode * mode;
        }

        return Math.Sqrt(Math.Max((squares / Replicas) - (sum / Replicas * sum / Replicas), 0) * Replicas / (Replicas - 1));
    }

    /// <summary>The fraction of values further from <paramref name="centre"/> than <paramref name="distance"/>.</summary>
    public double FractionBeyond(double centre, double distance) =>
        (double)_sorted.Count(value => Math.Abs(value - centre) > distance) / Count;

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
    public double[] Fractions(IReadOnlyList<double> edges) =>
        [.. edges.Skip(1).Zip(edges, (high, low) => (double)(Below(high) - Below(low)) / Count)];

    // Of the fractions of values up to two quantiles. Events are independent: each adds the product of how far its own counts are from
    // its share (Cochran, Sampling Techniques (1977), section 9A, with events as clusters).
    private double Covariance(double low, double high)
    {
        if (_events.Length == 0)
        {
            return low * (1 - high) / Count;
        }

        int belowLow = NotAbove(Quantile(low));
        int belowHigh = NotAbove(Quantile(high));
        var inEvent = new int[_eventCount];
        var lowInEvent = new int[_eventCount];
        var highInEvent = new int[_eventCount];
        for (int i = 0; i < Count; i++)
        {
            int e = _events[i];
            inEvent[e]++;
            lowInEvent[e] += i < belowLow ? 1 : 0;
            highInEvent[e] += i < belowHigh ? 1 : 0;
        }

        double shareLow = (double)belowLow / Count;
        double shareHigh = (double)belowHigh / Count;
        double sum = 0;
        for (int e = 0; e < _eventCount; e++)
        {
            sum += (lowInEvent[e] - (shareLow * inEvent[e])) * (highInEvent[e] - (shareHigh * inEvent[e]));
        }

        return sum / Count / Count;
    }

    // Knuth's product of uniforms, for a mean of 1.
    private static byte Poisson(ref RandomDraws draws)
    {
        const double Limit = 0.36787944117144233;
        byte n = 0;
        for (double product = draws.NextUniform(); product > Limit; product *= draws.NextUniform())
        {
            n++;
        }

        return n;
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

    private int NotAbove(double value) => Below(Math.BitIncrement(value));
}
