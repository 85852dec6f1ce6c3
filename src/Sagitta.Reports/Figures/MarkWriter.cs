using System.Text;
using static Sagitta.Reports.Markup.MarkupWriter;

namespace Sagitta.Reports.Figures;

/// <summary>Writes the marks of one panel, and their keys in its legend.</summary>
internal sealed class MarkWriter(MarkupWriter writer, PanelLayout layout, string clip, double left, double top, double width, double height)
{
    private const double MarkerRadius = 3.4;

    public void Write(Mark mark)
    {
        writer.Start("g", Palette.SeriesClass(mark.Series));
        if (mark is not Points)
        {
            writer.Attribute("clip-path", $"url(#{clip})");
        }

        writer.Line();
        switch (mark)
        {
            case Curve curve: WriteCurve(curve); break;
            case Points points: WritePoints(points); break;
            case Histogram histogram: WriteHistogram(histogram); break;
            case Rule rule: WriteRule(rule); break;
            case HeatMap map: GridMarkWriter.Write(writer, map, layout.Colours!, MapX, MapY); break;
            case Contours contours: GridMarkWriter.Write(writer, contours, layout.Colours, MapX, MapY); break;
            default: throw new ArgumentException($"A {mark.GetType().Name} cannot be drawn.", nameof(mark));
        }

        writer.End().Line();
    }

    /// <summary>The sample of a mark in the legend, 22 wide, centred on y.</summary>
    public void WriteKey(Mark mark, double x, double y)
    {
        writer.Start("g", Palette.SeriesClass(mark.Series));
        string line = $"M{Number(x)} {Number(y)}h22";
        switch (mark)
        {
            case Curve curve: Path("curve", curve.Style, line, curve.Series); break;
            case Rule: Path("rule", LineStyle.Dashed, line); break;
            case Contours: Path("curve", LineStyle.Solid, line); break;
            case Points points:
                if (points.Joined)
                {
                    Path("joint", LineStyle.Solid, line, points.Series);
                }

                if (points.YErrorLow.Count > 0)
                {
                    Path("bar", LineStyle.Solid, $"M{Number(x + 11)} {Number(y - 7)}v14");
                }

                Marker(points.Series, x + 11, y, "");
                break;
            default:
                writer.Start("rect", mark is Histogram { Filled: false } ? "step" : "swatch").Box(x + 2, y - 5, 18, 10).End();
                break;
        }

        writer.End().Line();
    }

    private double MapX(double value) => left + (layout.X.Fraction(value) * width);

    private double MapY(double value) => top + height - (layout.Y.Fraction(value) * height);

    private bool Places(double x, double y) => layout.X.Places(x) && layout.Y.Places(y);

    private string Place(double x, double y) => $"{Number(MapX(x))} {Number(MapY(y))}";

    private void WriteCurve(Curve curve)
    {
        StringBuilder path = new();
        char command = 'M';
        int first = -1;
        int last = -1;
        for (int i = 0; i < curve.X.Count; i++)
        {
            if (!Places(curve.X[i], curve.Y[i]))
            {
                command = 'M';
                continue;
            }

            path.Append(command).Append(Place(curve.X[i], curve.Y[i]));
            command = 'L';
            first = first < 0 ? i : first;
            last = i;
        }

        Path("curve", curve.Style, path.ToString(), curve.Series);
        if (curve.ShowEnds && first >= 0)
        {
            writer.Start("circle", "open").Attribute("cx", MapX(curve.X[first])).Attribute("cy", MapY(curve.Y[first])).Attribute("r", 4)
                .End();
            writer.Start("circle", "marker").Attribute("cx", MapX(curve.X[last])).Attribute("cy", MapY(curve.Y[last])).Attribute("r", 4)
                .End();
        }
    }

    private void WritePoints(Points points)
    {
        StringBuilder joint = new();
        StringBuilder bars = new();
        for (int i = 0; i < points.X.Count; i++)
        {
            (double x, double y) = (points.X[i], points.Y[i]);
            if (!Places(x, y))
            {
                continue;
            }

            joint.Append(joint.Length == 0 ? 'M' : 'L').Append(Place(x, y));
            (double low, double high) = points.ErrorY(i);
            if (low + high > 0)
            {
                double foot = layout.Y.Places(y - low) ? MapY(y - low) : top + height;
                bars.Append('M').Append(Number(MapX(x))).Append(' ').Append(Number(foot)).Append('V').Append(Number(MapY(y + high)));
            }
        }

        writer.Start("g").Attribute("clip-path", $"url(#{clip})");
        if (points.Joined)
        {
            Path("joint", LineStyle.Solid, joint.ToString(), points.Series);
        }

        Path("bar", LineStyle.Solid, bars.ToString());
        writer.End().Line();
        for (int i = 0; i < points.X.Count; i++)
        {
            if (Places(points.X[i], points.Y[i]) && layout.X.Shows(points.X[i]) && layout.Y.Shows(points.Y[i]))
            {
                Marker(points.Series, MapX(points.X[i]), MapY(points.Y[i]), Describe(points, i));
            }
        }
    }

    private string Describe(Points points, int i)
    {
        string Name(Axis axis, double value) => axis.Categories.Count > 0 && value >= 0 && value < axis.Categories.Count
            ? axis.Categories[(int)value]
            : value.ToString("G5", CultureInfo.InvariantCulture);
        string Error(double low, double high) => low + high == 0 ? ""
            : low == high ? string.Create(CultureInfo.InvariantCulture, $" ± {low:G3}")
            : string.Create(CultureInfo.InvariantCulture, $" −{low:G3} +{high:G3}");
        (double yLow, double yHigh) = points.ErrorY(i);
        string text = Name(layout.X.Axis, points.X[i]) + ", " + Name(layout.Y.Axis, points.Y[i]) + Error(yLow, yHigh);
        return points.Label.Length == 0 ? text : points.Label + ": " + text;
    }

    private void WriteHistogram(Histogram histogram)
    {
        double Foot() => top + height - (layout.Y.Places(0) ? layout.Y.Fraction(0) * height : 0);
        double Level(double content) => layout.Y.Places(content) ? MapY(content) : Foot();
        StringBuilder path = new();
        path.Append('M').Append(Number(MapX(histogram.Edges[0]))).Append(' ').Append(Number(Foot()));
        for (int i = 0; i < histogram.Contents.Count; i++)
        {
            path.Append('V').Append(Number(Level(histogram.Contents[i]))).Append('H').Append(Number(MapX(histogram.Edges[i + 1])));
        }

        path.Append('V').Append(Number(Foot()));
        if (histogram.Filled)
        {
            writer.Start("path", "band").Attribute("d", path.ToString()).End();
        }

        Path("step", LineStyle.Solid, path.ToString());
        StringBuilder bars = new();
        for (int i = 0; i < histogram.Errors.Count; i++)
        {
            if (histogram.Errors[i] > 0 && layout.Y.Places(histogram.Contents[i]))
            {
                double x = (MapX(histogram.Edges[i]) + MapX(histogram.Edges[i + 1])) / 2;
                bars.Append('M').Append(Number(x)).Append(' ').Append(Number(Level(histogram.Contents[i] - histogram.Errors[i])))
                    .Append('V').Append(Number(MapY(histogram.Contents[i] + histogram.Errors[i])));
            }
        }

        Path("bar", LineStyle.Solid, bars.ToString());
    }

    private void WriteRule(Rule rule)
    {
        if (rule.Vertical ? layout.X.Places(rule.Value) : layout.Y.Places(rule.Value))
        {
            Path("rule", LineStyle.Dashed, rule.Vertical
                ? $"M{Number(MapX(rule.Value))} {Number(top)}v{Number(height)}"
                : $"M{Number(left)} {Number(MapY(rule.Value))}h{Number(width)}");
        }
    }

    // Lines of different series have different dashes, so that colour is never the only difference.
    private void Path(string className, LineStyle style, string data, int series = 0)
    {
        if (data.Length > 0)
        {
            int dashes = Math.Max(0, series) % Palette.SeriesCount;
            writer.Start("path", className + (style == LineStyle.Solid && dashes > 0
                ? string.Create(CultureInfo.InvariantCulture, $" d{dashes}") : Dashes(style))).Attribute("d", data).End().Line();
        }
    }

    /// <summary>The style sheet's further class for a line's style.</summary>
    internal static string Dashes(LineStyle style) => style == LineStyle.Dashed ? " dashed" : "";

    // Shapes of about equal area, one per series, so that colour is never the only difference.
    private void Marker(int series, double x, double y, string title)
    {
        double r = MarkerRadius;
        string at = $"M{Number(x)} {Number(y)}";
        string shape = (series < 0 ? 0 : series % Palette.SeriesCount) switch
        {
            0 => $"m-{Number(r)} 0a{Number(r)} {Number(r)} 0 1 0 {Number(2 * r)} 0a{Number(r)} {Number(r)} 0 1 0 -{Number(2 * r)} 0z",
            1 => "m-3 -3h6v6h-6z",
            2 => "m0 -4.2l4.2 7h-8.4z",
            3 => "m0 -4.4l4.4 4.4l-4.4 4.4l-4.4 -4.4z",
            4 => "m0 4.2l4.2 -7h-8.4z",
            5 => "m-1.4 -4h2.8v2.6h2.6v2.8h-2.6v2.6h-2.8v-2.6h-2.6v-2.8h2.6z",
            6 => "m0 -4.4l1.3 3.1h3.3l-2.6 2.1l1 3.4l-3 -2l-3 2l1 -3.4l-2.6 -2.1h3.3z",
            _ => "m-3.6 -2l1.6 -1.6l2 2l2 -2l1.6 1.6l-2 2l2 2l-1.6 1.6l-2 -2l-2 2l-1.6 -1.6l2 -2z",
        };
        writer.Start("path", "marker").Attribute("d", at + shape);
        if (title.Length > 0)
        {
            writer.Start("title").Text(title).End();
        }

        writer.End();
    }
}
