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

/// <summary>How a simulation is compared with a reference.</summary>
internal sealed record ValidationOptions
{
    /// <summary>How many times larger the simulation is: each vertex of the reference is simulated so often.</summary>
    public int Copies { get; init; } = 10;
    /// <summary>Seed of simulation and digitiser.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>What a validation came to.</summary>
/// <param name="Checks">Each quantity against its bound.</param>
/// <param name="Report">The same for readers, with histograms.</param>
internal sealed record ValidationResult(IReadOnlyList<CheckSummary> Checks, Report Report)
{
    public bool Holds => Checks.All(check => check.Holds);
}

/// <summary>A fraction of trials of which several are of one event, summed event by event. What happens in one event belongs together (an
/// electron crosses several planes), so the standard error is that of drawing whole events: the ratio estimator of Cochran, Sampling
/// Techniques (1977), section 2.11.</summary>
internal struct EventFraction
{
    private double _found;
    private double _trials;
    private double _foundSquares;
    private double _products;
    private double _trialSquares;

    /// <summary>The fraction; NaN without trials.</summary>
    public readonly double Value => _found / _trials;

    /// <summary>Its standard error; where nothing was found, one trial's worth.</summary>
    public readonly double Error =>
        Math.Sqrt(Math.Max(_foundSquares - (2 * Value * _products) + (Value * Value * _trialSquares), 1)) / _trials;

    /// <summary>The fraction, or one trial's worth where none was found.</summary>
    public readonly double AtLeastOne => Math.Max(_found, 1) / _trials;

    /// <summary>Adds one event: in how many of its trials it was found.</summary>
    public void Add(int found, int trials)
    {
        _found += found;
        _trials += trials;
        _foundSquares += (double)found * found;
        _products += (double)found * trials;
        _trialSquares += (double)trials * trials;
    }
}
