using static Sagitta.Reports.Markup.MarkupWriter;

namespace Sagitta.Reports.Displays;

/// <summary>A window onto a plane with linear axes, whose content a browser can zoom and move. Content is drawn in pixels of the unzoomed
/// view, with strokes that keep their width; the script rewrites ticks from the data attributes.</summary>
internal sealed record ZoomView(string Identifier, double Left, double Top, double Width, double Height, Axis X, Axis Y)
{
    public required double XLow { get; init; }
    public required double XHigh { get; init; }
    public required double YLow { get; init; }
    public required double YHigh { get; init; }
    /// <summary>Which axes zoom: "x", "y", "xy", or empty for a fixed view.</summary>
    public string Zooms { get; init; } = "";
    /// <summary>Where the zoom buttons look, as a value of y; the middle by default.</summary>
    public double? Focus { get; init; }
    /// <summary>Title above the view.</summary>
    public string Title { get; init; } = "";
    /// <summary>Whether tick labels and title are shown below.</summary>
    public bool ShowX { get; init; } = true;

    public double MapX(double x) => Left + ((x - XLow) / (XHigh - XLow) * Width);

    public double MapY(double y) => Top + Height - ((y - YLow) / (YHigh - YLow) * Height);

    public string Place(double x, double y) =>
        // Three decimals: a zoomed view shows a hundredth of a pixel.
        string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(MapX(x), -1e5, 1e5):0.###} {Math.Clamp(MapY(y), -1e5, 1e5):0.###}");

    public void Write(MarkupWriter writer, Action content)
    {
        writer.Start("g", "view").Attribute("data-zooms", Zooms).Attribute(
            "data-box", $"{Number(Left)} {Number(Top)} {Number(Width)} {Number(Height)}")
            .Attribute("data-range", string.Create(CultureInfo.InvariantCulture, $"{XLow:R} {XHigh:R} {YLow:R} {YHigh:R}"))
            .Attribute("data-show-x", ShowX ? "1" : "0").Attribute("data-focus", MapY(Focus ?? ((YLow + YHigh) / 2))).Line();
        PanelWriter.WriteGround(writer, Identifier + "-clip", Left, Top, Width, Height);
        writer.Start("g", "ticks").Line();
        foreach (Tick tick in Ticks.Linear(XLow, XHigh, (int)Math.Clamp(Width / 80, 2, 8)))
        {
            double x = MapX(tick.Value);
            writer.Start("path", "grid").Attribute("d", $"M{Number(x)} {Number(Top)}v{Number(Height)}").End();
            if (ShowX)
            {
                InlineText.WriteSvg(writer, "tick-label", tick.Label, x, Top + Height + 16, "middle");
            }
        }

        foreach (Tick tick in Ticks.Linear(YLow, YHigh, (int)Math.Clamp(Height / 45, 3, 8)))
        {
            double y = MapY(tick.Value);
            writer.Start("path", "grid").Attribute("d", $"M{Number(Left)} {Number(y)}h{Number(Width)}").End();
            InlineText.WriteSvg(writer, "tick-label", tick.Label, Left - 7, y + 3.8, "end");
        }

        writer.End().Line().Start("g").Attribute("clip-path", $"url(#{Identifier}-clip)").Start("g", "world").Line();
        content();
        writer.End().End().Line();
        writer.Start("path", "frame").Attribute("d", $"M{Number(Left)} {Number(Top)}v{Number(Height)}h{Number(Width)}").End().Line();
        if (Title.Length > 0)
        {
            InlineText.WriteSvg(writer, "panel-title", Title, Left, Top - 9, "start");
        }

        if (ShowX && X.Title.Length > 0)
        {
            InlineText.WriteSvg(writer, "axis-title", X.Title, Left + (Width / 2), Top + Height + 34, "middle");
        }

        if (Y.Title.Length > 0)
        {
            InlineText.WriteRotated(writer, Y.Title, Left - 46, Top + (Height / 2));
        }

        writer.End().Line();
    }
}
