namespace Sagitta.Experiments.Landscapes;

/// <summary>Findings as a table, and numbers as they stand in them.</summary>
internal static class FindingText
{
    public static Table Table(IEnumerable<Finding> findings) =>
        new(["question", "found"], [.. findings.Select(f => (Metric[])[f.Question, f.Answer])]);

    /// <summary>A number with three digits.</summary>
    public static string Number(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value == 0 ? "0" : "-";
        }

        double size = Math.Abs(value);
        if (size is < 1e-3 or >= 1e6)
        {
            return value.ToString("0.0e+0", CultureInfo.InvariantCulture);
        }

        int decimals = Math.Max(0, 2 - (int)Math.Floor(Math.Log10(size)));
        return value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>The mean, with the standard deviation of several values.</summary>
    public static string Mean(IEnumerable<double> values)
    {
        double[] all = [.. values.Where(double.IsFinite)];
        if (all.Length < 2)
        {
            return all.Length == 0 ? "-" : Number(all[0]);
        }

        // As many decimals as show two digits of the deviation.
        double deviation = Deviation(all);
        int decimals = deviation > 0 ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(deviation)), 0, 6) : 3;
        string format = "F" + decimals.ToString(CultureInfo.InvariantCulture);
        return $"{all.Average().ToString(format, CultureInfo.InvariantCulture)} +- "
            + $"{deviation.ToString(format, CultureInfo.InvariantCulture)}";
    }

    /// <summary>Standard deviation of values; 0 with fewer than two.</summary>
    public static double Deviation(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2)
        {
            return 0;
        }

        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }

    /// <summary>The middle value; NaN without any.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }
}

/// <summary>One thing that a run found: a question, and an answer made from its numbers, with the notation of a paragraph.</summary>
internal sealed record Finding(string Question, string Answer);
