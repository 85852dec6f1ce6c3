namespace Sagitta.Tracking.Metrics;

/// <summary>Residuals of attempted events, those of failed fits half at plus and half at minus infinity: quantiles then feel every failure,
/// on both sides alike. Quantiles interpolate linearly between order statistics; one that touches a failure is infinite.</summary>
internal sealed class ResidualSample
{
    // Every event appears twice, so that a failed one can stand on both sides.
    private readonly double[] _sorted;

    /// <summary>Takes one value an attempted event; a value that is not finite is a failed fit.</summary>
    public ResidualSample(ReadOnlySpan<double> values)
    {
        _sorted = new double[2 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            bool failed = !double.IsFinite(values[i]);
            _sorted[2 * i] = failed ? double.PositiveInfinity : values[i];
            _sorted[(2 * i) + 1] = failed ? double.NegativeInfinity : values[i];
            Failed += failed ? 1 : 0;
        }

        Array.Sort(_sorted);
    }

    public int Count => _sorted.Length / 2;

    /// <summary>Failed fits among them.</summary>
    public int Failed { get; }

    /// <summary>Median; NaN for an empty sample.</summary>
    public double Median => Quantile(0.5);

    /// <summary>Half of the span from the 16 % to the 84 % quantile.</summary>
    public double CoreWidth
    {
        get
        {
            double low = Quantile(0.16);
            double high = Quantile(0.84);
            return double.IsInfinity(low) || double.IsInfinity(high) ? double.PositiveInfinity : (high - low) / 2;
        }
    }

    /// <summary>Standard deviation of the central 95 %: what lies between the 2.5 % and the 97.5 % quantile; infinite where that includes
    /// failures.</summary>
    public double Rms95
    {
        get
        {
            int cut = (int)Math.Round(0.025 * _sorted.Length);
            ReadOnlySpan<double> central = _sorted.AsSpan(cut, _sorted.Length - (2 * cut));
            if (central.IsEmpty)
            {
                return double.NaN;
            }

            if (double.IsInfinity(central[0]) || double.IsInfinity(central[^1]))
            {
                return double.PositiveInfinity;
            }

            double mean = 0;
            foreach (double value in central)
            {
                mean += value;
            }

            mean /= central.Length;
            double sum = 0;
            foreach (double value in central)
            {
                sum += (value - mean) * (value - mean);
            }

            return Math.Sqrt(sum / central.Length);
        }
    }

    /// <summary>The quantile at <paramref name="fraction"/>; NaN for an empty sample.</summary>
    public double Quantile(double fraction)
    {
        if (_sorted.Length == 0)
        {
            return double.NaN;
        }

        double position = fraction * (_sorted.Length - 1);
        int below = (int)position;
        double low = _sorted[below];
        double high = _sorted[Math.Min(below + 1, _sorted.Length - 1)];
        double share = position - below;
        return low == high || share == 0 ? low : double.IsInfinity(low) ? low : double.IsInfinity(high) ? high
            : low + (share * (high - low));
    }

    /// <summary>Fraction of attempted events further than <paramref name="distance"/> from zero, failed fits included.</summary>
    public double TailFraction(double distance)
    {
        int beyond = 0;
        foreach (double value in _sorted)
        {
            beyond += Math.Abs(value) > distance ? 1 : 0;
        }

        return (double)beyond / _sorted.Length;
    }
}
