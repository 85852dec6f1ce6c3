namespace Sagitta.Reports.Figures;

/// <summary>Colours that readers with a colour vision deficiency can tell apart: for series those of Okabe and Ito ("Color Universal
/// Design", 2008), given to the style sheet by class so that light, dark and printed pages each have their own tones; for values the
/// viridis scale (van der Walt, Smith, 2015), whose lightness rises evenly.</summary>
internal static class Palette
{
    /// <summary>The series that is drawn in the colour of the text.</summary>
    public const int Neutral = -1;
    /// <summary>Number of different series colours; further series begin again.</summary>
    public const int SeriesCount = 8;

    private static readonly (double R, double G, double B)[] s_viridis =
    [
        (0x44, 0x01, 0x54), (0x48, 0x24, 0x75), (0x41, 0x44, 0x87), (0x35, 0x5F, 0x8D), (0x2A, 0x78, 0x8E), (0x21, 0x91, 0x8C),
        (0x22, 0xA8, 0x84), (0x44, 0xBF, 0x70), (0x7A, 0xD1, 0x51), (0xBD, 0xDF, 0x26), (0xFD, 0xE7, 0x25),
    ];

    /// <summary>The colour of a value between 0 and 1 as #rrggbb; beyond the ends it is that of the end, NaN gives a grey.</summary>
    public static string Sequential(double fraction)
    {
        if (double.IsNaN(fraction))
        {
            return "#9a9a9a";
        }

        double place = Math.Clamp(fraction, 0, 1) * (s_viridis.Length - 1);
        int below = Math.Min((int)place, s_viridis.Length - 2);
        (double R, double G, double B) a = s_viridis[below];
        (double R, double G, double B) b = s_viridis[below + 1];
        double t = place - below;
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(a.R, b.R, t):x2}{Mix(a.G, b.G, t):x2}{Mix(a.B, b.B, t):x2}");
    }

    /// <summary>The style sheet's class of a series.</summary>
    internal static string SeriesClass(int series) =>
        series < 0 ? "sn" : "s" + (series % SeriesCount).ToString(CultureInfo.InvariantCulture);

    private static byte Mix(double a, double b, double t) => (byte)Math.Round(a + ((b - a) * t));
}

/// <summary>The colours of values in a panel: continuous for a heat map, one step between two levels for contours.</summary>
/// <param name="Axis">Values along the scale.</param>
/// <param name="Levels">Borders of the steps, ascending; empty for a continuous scale.</param>
internal sealed record ColourScale(AxisMapping Axis, IReadOnlyList<double> Levels)
{
    /// <summary>Room to the right of the panel.</summary>
    public double Width => Math.Ceiling(14 + 14 + 8 + Axis.LabelWidth + (Axis.Axis.Title.Length > 0 ? 24 : 6));

    /// <summary>The colour between two levels: step 0 lies below the first, step n above the n-th.</summary>
    public string ColourOfStep(int step) => Palette.Sequential(step / (double)Math.Max(1, Levels.Count));

    /// <summary>The scale of the first mark that needs one.</summary>
    public static ColourScale? Of(IReadOnlyList<Mark> marks, double plotHeight)
    {
        int target = (int)Math.Clamp(plotHeight / 48, 2, 8);
        foreach (Mark mark in marks)
        {
            if (mark is HeatMap map)
            {
                (double low, double high) = map.Grid.Range(map.ValueAxis.Scale == AxisScale.Logarithmic);
                return new ColourScale(
                    AxisMapping.Create(map.ValueAxis, double.IsNaN(low) ? 1 : low, double.IsNaN(high) ? 0
                        : high, tight: true, vertical: true, target), []);
            }

            if (mark is Contours { Filled: true, Levels.Count: > 1 } contours)
            {
                return new ColourScale(ContourAxis(contours, target), contours.Levels);
            }
        }

        return null;
    }

    private static AxisMapping ContourAxis(Contours contours, int target)
    {
        // One step below the first level and one above the last, so that every colour of the figure is on the scale.
        IReadOnlyList<double> levels = contours.Levels;
        bool logarithmic = contours.ValueAxis.Scale == AxisScale.Logarithmic;
        double low = logarithmic ? levels[0] * levels[0] / levels[1] : (2 * levels[0]) - levels[1];
        double high = logarithmic ? levels[^1] * levels[^1] / levels[^2] : (2 * levels[^1]) - levels[^2];
        return AxisMapping.Create(contours.ValueAxis with { Low = low, High = high }, low, high, tight: true, vertical: true, target);
    }
}
