namespace Sagitta.Reports.Figures;

/// <summary>One axis of a panel. Labels may use <c>_{sub}</c> and <c>^{super}</c>; the unit is shown in brackets.</summary>
internal sealed record Axis(string Label, string Unit = "")
{
    public AxisScale Scale { get; init; }
    /// <summary>Ends; null takes them from the data.</summary>
    public double? Low { get; init; }
    public double? High { get; init; }
    /// <summary>Whether a linear range taken from the data must contain zero.</summary>
    public bool IncludeZero { get; init; }
    /// <summary>Names of discrete positions: value i is drawn at the i-th name. Empty for a numeric axis.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    public string Title => Unit.Length == 0 ? Label : $"{Label} [{Unit}]";
}

/// <summary>How values are laid out along an axis.</summary>
internal enum AxisScale
{
    Linear,
    /// <summary>Values that are not positive are not drawn.</summary>
    Logarithmic,
}

/// <summary>From values to places along a panel's side, with the ticks between its ends; the high end lies below the low one where the
/// axis runs backwards.</summary>
internal sealed record AxisMapping(Axis Axis, double Low, double High, IReadOnlyList<Tick> Ticks)
{
    private bool Logarithmic => Axis.Scale == AxisScale.Logarithmic;

    /// <summary>Width of the widest label, in pixels.</summary>
    public double LabelWidth => Ticks.Select(tick => InlineText.Width(tick.Label) * PanelLayout.TickSize).DefaultIfEmpty(0).Max();

    /// <summary>Whether a value lies between the ends.</summary>
    public bool Shows(double value) => value >= Math.Min(Low, High) && value <= Math.Max(Low, High);

    /// <summary>Whether a value has a place at all.</summary>
    public bool Places(double value) => double.IsFinite(value) && (!Logarithmic || value > 0);

    /// <summary>Fraction of the way from the start; may lie outside 0 .. 1, but is bounded.</summary>
    public double Fraction(double value)
    {
        double fraction = Logarithmic
            ? Math.Log(Math.Max(value, double.Epsilon) / Low) / Math.Log(High / Low)
            : (value - Low) / (High - Low);
        return Math.Clamp(fraction, -20, 21);
    }

    /// <summary>Ends and ticks of an axis from its own wishes, and from the data where it has none.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="low">Smallest value of the data; above <paramref name="high"/> if there is none.</param>
    /// <param name="high">Largest value of the data.</param>
    /// <param name="tight">Whether the data reach from end to end, as a histogram does, rather than needing some room.</param>
    /// <param name="vertical">Whether it is the vertical axis, on which categories run downwards.</param>
    /// <param name="target">Number of ticks wished for.</param>
    public static AxisMapping Create(Axis axis, double low, double high, bool tight, bool vertical, int target)
    {
        if (axis.Categories.Count > 0)
        {
            Tick[] names = [.. axis.Categories.Select((name, i) => new Tick(i, name))];
            double end = axis.Categories.Count - 0.5;
            return vertical ? new AxisMapping(axis, end, -0.5, names) : new AxisMapping(axis, -0.5, end, names);
        }

        bool logarithmic = axis.Scale == AxisScale.Logarithmic;
        (low, high) = logarithmic ? LogarithmicEnds(low, high, tight) : LinearEnds(axis, low, high, tight);
        low = axis.Low ?? low;
        high = axis.High ?? high;
        if (!(low < high) && (axis.Low is null || axis.High is null))
        {
            // One end is given and all data lie beyond it.
            (low, high) = axis.Low is null ? (logarithmic ? high / 10 : high - 1, high) : (low, logarithmic ? low * 10 : low + 1);
        }

        if (!double.IsFinite(low) || !double.IsFinite(high) || !(low < high) || (logarithmic && low <= 0))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"Axis '{axis.Label}' cannot run from {low} to {high} on a {axis.Scale} scale."),
                    nameof(axis));
        }

        return new AxisMapping(axis, low, high, logarithmic ? Figures.Ticks.Logarithmic(low, high, target)
            : Figures.Ticks.Linear(low, high, target));
    }

    private static (double Low, double High) LinearEnds(Axis axis, double low, double high, bool tight)
    {
        if (!(low <= high))
        {
            return (0, 1);
        }

        if (axis.IncludeZero)
        {
            (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        }

        if (low == high)
        {
            double half = low == 0 ? 0.5 : Math.Abs(low) * 0.1;
            return (low - half, high + half);
        }

        double room = tight ? 0 : 0.05 * (high - low);
        return (low == 0 ? 0 : low - room, high == 0 ? 0 : high + room);
    }

    private static (double Low, double High) LogarithmicEnds(double low, double high, bool tight)
    {
        if (!(low <= high) || !(low > 0))
        {
            return (0.1, 1);
        }

        if (low == high)
        {
            return (low / 2, high * 2);
        }

        double room = tight ? 1 : Math.Pow(high / low, 0.05);
        return (low / room, high * room);
    }
}
