namespace Sagitta.Tracking.Metrics;

/// <summary>Residuals sorted once, whose statistics under resampling of events follow from how often each event was drawn: what <see
/// cref="ResidualSample"/> gives for the drawn events, without sorting them again.</summary>
internal sealed class ResampledResiduals
{
    private readonly double[] _sorted;
    private readonly int[] _events;
    private readonly int[] _failed;

    /// <summary>Takes one value an attempted event; a value that is not finite is a failed fit.</summary>
    public ResampledResiduals(ReadOnlySpan<double> values)
    {
        List<int> finite = [];
        List<int> failed = [];
        for (int i = 0; i < values.Length; i++)
        {
            (double.IsFinite(values[i]) ? finite : failed).Add(i);
        }

        _events = [.. finite];
        _failed = [.. failed];
        _sorted = new double[_events.Length];
        for (int i = 0; i < _sorted.Length; i++)
        {
            _sorted[i] = values[_events[i]];
        }

        Array.Sort(_sorted, _events);
        Count = values.Length;
    }

    public int Count { get; }

    /// <summary>Half of the span from the 16 % to the 84 % quantile when event e counts <paramref name="times"/>[e] times.</summary>
    public double CoreWidth(ReadOnlySpan<int> times)
    {
        long failures = 0;
        foreach (int e in _failed)
        {
            failures += times[e];
        }

        long draws = failures;
        foreach (int e in _events)
        {
            draws += times[e];
        }

        double low = Quantile(0.16, times, failures, draws);
        double high = Quantile(0.84, times, failures, draws);
        return double.IsInfinity(low) || double.IsInfinity(high) ? double.PositiveInfinity : (high - low) / 2;
    }

    /// <summary>Fraction of draws further than <paramref name="distance"/> from zero, failed fits included.</summary>
    public double TailFraction(double distance, ReadOnlySpan<int> times)
    {
        long beyond = 0;
        long draws = 0;
        foreach (int e in _failed)
        {
            beyond += times[e];
            draws += times[e];
        }

        for (int i = 0; i < _sorted.Length; i++)
        {
            draws += times[_events[i]];
            beyond += Math.Abs(_sorted[i]) > distance ? times[_events[i]] : 0;
        }

        return (double)beyond / draws;
    }

    // Each draw stands twice in the sample, a failed one once at either end.
    private double Quantile(double fraction, ReadOnlySpan<int> times, long failures, long draws)
    {
        if (draws == 0)
        {
            return double.NaN;
        }

        double position = fraction * ((2 * draws) - 1);
        long below = (long)position;
        double share = position - below;
        double low = At(below, times, failures, draws);
        double high = At(below + 1, times, failures, draws);
        return low == high || share == 0 ? low : double.IsInfinity(low) ? low : double.IsInfinity(high) ? high
            : low + (share * (high - low));
    }

    private double At(long place, ReadOnlySpan<int> times, long failures, long draws)
    {
        if (place < failures || place >= (2 * draws) - failures)
        {
            return place < failures ? double.NegativeInfinity : double.PositiveInfinity;
        }

        long passed = failures;
        int i = 0;
        while ((passed += 2L * times[_events[i]]) <= place)
        {
            i++;
        }

        return _sorted[i];
    }
}
