namespace Sagitta.Experiments.Results;

/// <summary>A value with its 95 % confidence interval.</summary>
/// <param name="Value">Best estimate.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Value, double Low, double High)
{
    /// <summary>Whether the whole interval lies below a bound; never for NaN.</summary>
    public bool LiesBelow(double bound) => High < bound;

    /// <summary>Whether the whole interval lies above a bound; never for NaN.</summary>
    public bool LiesAbove(double bound) => Low > bound;
}
