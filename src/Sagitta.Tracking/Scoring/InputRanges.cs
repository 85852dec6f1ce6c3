namespace Sagitta.Tracking.Scoring;

/// <summary>Where the inputs and outcomes of a model lay when it was trained, stored with it. A user's file in other units, or of another
/// detector, lies elsewhere, and is told so.</summary>
internal sealed record InputRanges
{
    /// <summary>One range a quantity.</summary>
    public IReadOnlyList<InputRange> Quantities { get; init; } = [];
}

/// <summary>Where a quantity's values lie: the central 99.8 % of them, and the middle of their sizes.</summary>
internal sealed record InputRange
{
    // Of all values, beyond either end.
    private const double Outside = 0.001;

    /// <summary>Its name in hit and track files.</summary>
    public required string Name { get; init; }

    /// <summary>Its unit; empty where it has none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The lower end.</summary>
    public required double Low { get; init; }

    /// <summary>The upper end.</summary>
    public required double High { get; init; }

    /// <summary>The median of the values' sizes: another unit may keep all values within a wide range, and yet far from it.</summary>
    public required double Middle { get; init; }

    /// <summary>The range of these values; those that are not finite do not count.</summary>
    /// <exception cref="InvalidOperationException">No value is finite.</exception>
    public static InputRange Of(string name, string unit, IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite)];
        Array.Sort(sorted);
        double[] sizes = [.. sorted.Select(Math.Abs).Order()];
        return sorted.Length == 0 ? throw new InvalidOperationException($"The training has no values of '{name}'.") : new()
        {
            Name = name,
            Unit = unit,
            Low = sorted[(int)(Outside * (sorted.Length - 1))],
            High = sorted[^(1 + (int)(Outside * (sorted.Length - 1)))],
            Middle = sizes[sizes.Length / 2],
        };
    }
}

/// <summary>Counts, batch after batch, how many values lie outside of a model's ranges. Not for several threads at once.</summary>
/// <param name="ranges">The model's ranges; null for an older model that has none, of which nothing is said.</param>
internal sealed class InputWatch(InputRanges? ranges)
{
    // Ten times the share that lies outside by definition: other samples of the same detector stay below.
    private const double LargestShare = 0.02;

    // Of values that are smaller, or larger, than the middle of the training's.
    private const double SmallestPart = 0.05;
    private readonly InputRange[] _ranges = [.. ranges?.Quantities ?? []];
    private readonly long[] _outside = new long[ranges?.Quantities.Count ?? 0];
    private readonly long[] _smaller = new long[ranges?.Quantities.Count ?? 0];
    private readonly long[] _all = new long[ranges?.Quantities.Count ?? 0];

    /// <summary>Adds values of a quantity; NaN stands for "not known" and does not count.</summary>
    public void Add(string name, ReadOnlySpan<float> values)
    {
        int own = Array.FindIndex(_ranges, range => range.Name == name);
        if (own < 0)
        {
            return;
        }

        (float middle, float low, float high) = ((float)_ranges[own].Middle, (float)_ranges[own].Low, (float)_ranges[own].High);
        int all = 0, smaller = 0, outside = 0;
        foreach (float value in values)
        {
            all += float.IsNaN(value) ? 0 : 1;
            smaller += MathF.Abs(value) < middle ? 1 : 0;
            outside += value < low || value > high ? 1 : 0;
        }

        _all[own] += all;
        _smaller[own] += smaller;
        _outside[own] += outside;
    }

    /// <summary>A sentence for each quantity of which many values lie outside.</summary>
    public IEnumerable<string> Warnings()
    {
        for (int i = 0; i < _ranges.Length; i++)
        {
            if (_outside[i] > LargestShare * _all[i])
            {
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"{100.0 * _outside[i] / _all[i]:0.#} % of the values of '{_ranges[i].Name}' lie outside {_ranges[i].Low:g4} to "
                        + $"{_ranges[i].High:g4} {_ranges[i].Unit}").TrimEnd()
                    + ", where 99.8 % lay when the model was trained: mind units, the detector and the model";
            }
            else if (_all[i] > 0 && (_smaller[i] < SmallestPart * _all[i] || _smaller[i] > (1 - SmallestPart) * _all[i]))
            {
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"{100.0 * _smaller[i] / _all[i]:0.#} % of the values of '{_ranges[i].Name}' are smaller than {_ranges[i].Middle:g4} "
                        + $"{_ranges[i].Unit}").TrimEnd()
                    + ", as half were when the model was trained: mind units, the detector and the model";
            }
        }
    }
}
