namespace Sagitta.Reports.Figures;

/// <summary>A panel's axes and the room that its labels need, in CSS pixels, before it has a place.</summary>
internal sealed record PanelLayout
{
    public const double TickSize = 11;
    public const double TitleSize = 12;
    public const double LegendRow = 18;
    private const double GapBelowPanel = 14;
    public required Panel Panel { get; init; }
    public required AxisMapping X { get; init; }
    public required AxisMapping Y { get; init; }
    /// <summary>The colour scale, if a mark needs one.</summary>
    public ColourScale? Colours { get; init; }
    public PanelLayout? Lower { get; init; }
    public required double Left { get; init; }
    public required double Right { get; init; }

    /// <summary>Room above for title and legend, once the width is known.</summary>
    public double Top(double plotWidth) => 8 + (Panel.Title.Length > 0 ? 22 : 0) + (
        Panel.ShowLegend ? LegendHeight(plotWidth) : 0);

    /// <summary>Room below the plotting area: the lower panel, tick labels and the title of the axis.</summary>
    public double Bottom(double panelHeight) => (Lower is null ? 0 : GapBelowPanel + LowerHeight(panelHeight)) + 24 + (
        X.Axis.Title.Length > 0 ? 20 : 0);

    public static double LowerHeight(double panelHeight) => Math.Round(panelHeight * 0.34);

    public static double LowerOffset(double panelHeight) => panelHeight + GapBelowPanel;

    /// <summary>Marks with a legend entry, and the rows and places of these entries within a width.</summary>
    public List<(Mark Mark, double X, int Row)> LegendEntries(double plotWidth)
    {
        List<(Mark, double, int)> entries = [];
        double x = 0;
        int row = 0;
        foreach (Mark mark in Panel.Marks.Where(mark => mark.Label.Length > 0))
        {
            double width = 30 + (InlineText.Width(mark.Label) * TitleSize) + 18;
            if (x > 0 && x + width > plotWidth)
            {
                (x, row) = (0, row + 1);
            }

            entries.Add((mark, x, row));
            x += width;
        }

        return entries;
    }

    public static PanelLayout Create(Panel panel, double plotHeight, double roughWidth, AxisMapping? sharedX = null)
    {
        bool logarithmicX = panel.X.Scale == AxisScale.Logarithmic;
        bool logarithmicY = panel.Y.Scale == AxisScale.Logarithmic;
        Extent extent = Extent.Empty;
        bool tightX = false;
        bool tightY = false;
        foreach (Mark mark in panel.Lower is null ? panel.Marks : [.. panel.Marks, .. panel.Lower.Marks])
        {
            Extent own = mark.Extent(logarithmicX, logarithmicY);
            extent = panel.Lower?.Marks.Contains(mark) == true ? extent.Union(own with { YLow = extent.YLow, YHigh = extent.YHigh })
                : extent.Union(own);
            tightX |= mark is Histogram or HeatMap or Contours;
            tightY |= mark is HeatMap or Contours;
        }

        AxisMapping x = sharedX ?? AxisMapping.Create(
            panel.X, extent.XLow, extent.XHigh, tightX, vertical: false, (int)Math.Clamp(roughWidth / 75, 2, 9));
        AxisMapping y = AxisMapping.Create(panel.Y, extent.YLow, extent.YHigh, tightY, vertical: true,
            (int)Math.Clamp(plotHeight / 48, 2, 8));
        PanelLayout? lower = panel.Lower is null ? null : Create(panel.Lower, LowerHeight(plotHeight), roughWidth, x);
        ColourScale? colours = ColourScale.Of(panel.Marks, plotHeight);
        double left = Math.Ceiling(y.LabelWidth) + 10 + (y.Axis.Title.Length > 0 ? 24 : 0);
        return new PanelLayout
        {
            Panel = panel,
            X = x,
            Y = y,
            Lower = lower,
            Colours = colours,
            Left = Math.Max(left, lower?.Left ?? 0),
            Right = colours?.Width ?? 14,
        };
    }

    private double LegendHeight(double plotWidth)
    {
        List<(Mark Mark, double X, int Row)> entries = LegendEntries(plotWidth);
        return entries.Count == 0 ? 0 : ((entries[^1].Row + 1) * LegendRow) + 6;
    }
}
