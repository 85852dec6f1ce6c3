namespace Sagitta.Experiments.Validation;

/// <summary>Collects checks; no bound is tighter than 2.5 combined standard errors.</summary>
internal sealed class CheckList
{
    private const double LeastErrors = 2.5;
    private readonly List<CheckSummary> _checks = [];

    public IReadOnlyList<CheckSummary> Checks => _checks;

    /// <summary>The ratio of two values must be within a fraction of 1.</summary>
    public void Ratio(string name, double simulated, double reference, double simulatedError, double referenceError, double bound)
    {
        double error = Math.Sqrt((simulatedError * simulatedError / (simulated * simulated))
            + (referenceError * referenceError / (reference * reference)));
        double allowed = Math.Max(bound, LeastErrors * error);
        double ratio = simulated / reference;
        Add($"{name}: simulation/reference", ratio, Text($"{1 - allowed:0.000} to {1 + allowed:0.000}"), Math.Abs(ratio - 1) <= allowed);
    }

    /// <summary>The ratio of two rare fractions must be within a factor.</summary>
    public void Factor(string name, double simulated, double reference, long simulatedCount, long referenceCount, double bound)
    {
        double error = Math.Sqrt((1 / Math.Max(simulated * simulatedCount, 1)) + (1 / Math.Max(reference * referenceCount, 1)));
        double allowed = Math.Max(Math.Log(bound), LeastErrors * error);
        double ratio = Math.Max(simulated, 1.0 / simulatedCount) / Math.Max(reference, 1.0 / referenceCount);
        Add($"{name}: simulation/reference", ratio, Text($"{Math.Exp(-allowed):0.000} to {Math.Exp(allowed):0.000}"),
            Math.Abs(Math.Log(ratio)) <= allowed);
    }

    /// <summary>A fraction against another, errors by whole events; where none was found, one is taken.</summary>
    public void Fraction(string name, EventFraction simulated, EventFraction reference, double bound) =>
        Ratio(name, simulated.AtLeastOne, reference.AtLeastOne, simulated.Error, reference.Error, bound);

    /// <summary>A fraction of so many events against another, with binomial errors; where none was found, one is taken.</summary>
    public void Fraction(string name, double simulated, double reference, long simulatedCount, long referenceCount, double bound)
    {
        double a = Math.Max(simulated, 1.0 / simulatedCount);
        double b = Math.Max(reference, 1.0 / referenceCount);
        Ratio(name, a, b, Math.Sqrt(a * (1 - a) / simulatedCount), Math.Sqrt(b * (1 - b) / referenceCount), bound);
    }

    /// <summary>The distance between two distributions.</summary>
    public void Distance(string name, Distribution simulated, Distribution reference, double bound)
    {
        // One standard error of the difference of the two cumulative fractions, where it is largest.
        double a = simulated.CumulativeError(0.5);
        double b = reference.CumulativeError(0.5);
        double allowed = Math.Max(bound, LeastErrors * Math.Sqrt((a * a) + (b * b)));
        double distance = Distribution.KolmogorovSmirnov(simulated, reference);
        Add($"{name}: Kolmogorov-Smirnov distance", distance, Text($"under {allowed:0.0000}"), distance < allowed);
    }

    /// <summary>Two values must not differ by more than a bound.</summary>
    public void Difference(string name, double simulated, double reference, double simulatedError, double referenceError, double bound)
    {
        double allowed = Math.Max(bound, LeastErrors * Math.Sqrt((simulatedError * simulatedError) + (referenceError * referenceError)));
        double difference = simulated - reference;
        Add($"{name}: simulation - reference", difference, Text($"{-allowed:0.000} to {allowed:0.000}"), Math.Abs(difference) <= allowed);
    }

    /// <summary>A value that must not exceed a bound.</summary>
    public void AtMost(string name, double value, double bound, string words) => Add(name, value, words, value <= bound);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Add(string name, double value, string bound, bool holds) => _checks.Add(new(name, value, bound, holds));
}
