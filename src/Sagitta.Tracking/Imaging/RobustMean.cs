namespace Sagitta.Tracking.Imaging;

/// <summary>The mean of numbers without those further than three widths from their median; the width is half the range of the central 68
/// %. Nuclear reactions leave a tail of long path lengths, which a plain mean would follow.</summary>
/// <param name="Value">The mean; NaN without numbers.</param>
/// <param name="Error">Its standard error; NaN for fewer than two numbers.</param>
/// <param name="Spread">Standard deviation of the numbers kept; NaN for fewer than two.</param>
/// <param name="Count">Numbers kept.</param>
internal readonly record struct RobustMean(double Value, double Error, double Spread, int Count)
{
    private const double Cut = 3;

    /// <summary>Half the range of the central 68 %, a standard deviation for a Gaussian; the numbers must be in order.</summary>
    public static double Width(ReadOnlySpan<double> ordered) => ordered.Length < 2 ? double.NaN
        : (Quantile(ordered, 0.8413) - Quantile(ordered, 0.1587)) / 2;

    /// <summary>The median of numbers in order; NaN without any.</summary>
    public static double Median(ReadOnlySpan<double> ordered) => ordered.IsEmpty ? double.NaN : Quantile(ordered, 0.5);

    /// <summary>The mean of some numbers, whose order changes.</summary>
    public static RobustMean Of(Span<double> values)
    {
        if (values.IsEmpty)
        {
            return new(double.NaN, double.NaN, double.NaN, 0);
        }

        values.Sort();
        double median = Median(values);
        double reach = values.Length < 4 ? double.PositiveInfinity : Cut * Width(values);
        int count = 0;
        double sum = 0;
        double squares = 0;
        foreach (double value in values)
        {
            if (Math.Abs(value - median) <= reach)
            {
                count++;
                sum += value - median;
                squares += (value - median) * (value - median);
            }
        }

        double shift = sum / count;
        double spread = count < 2 ? double.NaN : Math.Sqrt(Math.Max(0, squares - (count * shift * shift)) / (count - 1));
        return new(median + shift, spread / Math.Sqrt(count), spread, count);
    }

    private static double Quantile(ReadOnlySpan<double> ordered, double share)
    {
        double at = share * (ordered.Length - 1);
        int below = (int)at;
        return below + 1 < ordered.Length ? ordered[below] + ((at - below) * (ordered[below + 1] - ordered[below])) : ordered[below];
    }
}
