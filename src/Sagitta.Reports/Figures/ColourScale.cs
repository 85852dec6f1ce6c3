namespace Sagitta.Reports.Figures;

/// <summary>The colours of values in a panel: continuous for a heat map, one step between two levels for contours.</summary>
/// <param name="Axis">Values along the scale.</param>
/// <param name="Levels">Borders of the steps, ascending; empty for a continuous scale.</param>
internal sealed record ColourScale(AxisMapping Axis, IReadOnlyList<double> Levels)
{
    /// <summary>Room to the right of the panel.</summary>
    public double Width
    {
        get
        {
            double labels = 0;
            foreach (Tick tick in Axis.Ticks)
            {
                labels = Math.Max(labels, InlineText.Width(tick.Label) * PanelLayout.TickSize);
            }

            return Math.Ceiling(14 + 14 + 8 + labels + (Axis.Axis.Title.Length > 0 ? 24 : 6));
        }
    }

    /// <summary>The colour of a value on a continuous scale.</summary>
    public string ColourOf(double value) => Palette.Sequential(
        Axis.Places(value) ? Axis.Fraction(value) : double.IsNaN(value) ? double.NaN : value > 0 ? 1 : 0);

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
