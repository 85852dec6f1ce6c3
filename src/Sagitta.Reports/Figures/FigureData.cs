using System.Text;

namespace Sagitta.Reports.Figures;

/// <summary>The numbers of a figure as CSV, a line for each point, bin or node: what a reader saves from the page.</summary>
internal static class FigureData
{
    /// <summary>The text. Columns that a mark has no number for are empty.</summary>
    public static string Csv(Figure figure)
    {
        StringBuilder text = new("panel,mark,x,x_end,y,y_error_low,y_error_high,value\n");
        foreach ((int number, Panel panel) in figure.Panels.Index())
        {
            Write(text, panel.Title.Length > 0 ? panel.Title : (number + 1).ToString(CultureInfo.InvariantCulture), panel);
        }

        return text.ToString();
    }

    /// <summary>The hits of a display.</summary>
    public static string Csv(EventDisplay display)
    {
        StringBuilder text = new();
        text.Append("panel,z,across,amount").Append(string.Concat(display.Quantities.Select(q => "," + Quoted(q.Name)))).Append('\n');
        foreach (DisplayHit hit in display.Hits)
        {
            text.Append(CultureInfo.InvariantCulture, $"{hit.Panel},{Number(hit.Z)},{Number(hit.Y)},{Number(hit.Amount)}")
                .Append(string.Concat(display.Quantities.Select((_, i) => "," + (i < hit.Values.Count ? Number(hit.Values[i]) : ""))))
                .Append('\n');
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, string name, Panel panel)
    {
        foreach ((int number, Mark mark) in panel.Marks.Index())
        {
            string label = mark.Label.Length > 0 ? mark.Label : string.Create(CultureInfo.InvariantCulture, $"mark {number + 1}");
            string start = $"{Quoted(name)},{Quoted(label)}";
            void Line(double x, double xEnd, double y, double low, double high, double value) => text.Append(start).Append(',')
                .AppendJoin(',', new[] { x, xEnd, y, low, high, value }.Select(Number)).Append('\n');
            switch (mark)
            {
                case Curve curve:
                    for (int i = 0; i < curve.X.Count; i++)
                    {
                        Line(curve.X[i], double.NaN, curve.Y[i], double.NaN, double.NaN, double.NaN);
                    }

                    break;
                case Points points:
                    for (int i = 0; i < points.X.Count; i++)
                    {
                        (double low, double high) = points.YErrorLow.Count > 0 ? points.ErrorY(i) : (double.NaN, double.NaN);
                        Line(points.X[i], double.NaN, points.Y[i], low, high, double.NaN);
                    }

                    break;
                case Histogram histogram:
                    for (int i = 0; i < histogram.Contents.Count; i++)
                    {
                        double error = histogram.Errors.Count > 0 ? histogram.Errors[i] : double.NaN;
                        Line(histogram.Edges[i], histogram.Edges[i + 1], histogram.Contents[i], error, error, double.NaN);
                    }

                    break;
                case Rule rule:
                    Line(rule.Vertical ? rule.Value : double.NaN, double.NaN, rule.Vertical ? double.NaN : rule.Value, double.NaN,
                        double.NaN, double.NaN);
                    break;
                case HeatMap { Grid: var grid }: Nodes(grid, Line); break;
                case Contours { Grid: var grid }: Nodes(grid, Line); break;
                default: throw new ArgumentException($"The numbers of a {mark.GetType().Name} cannot be written.", nameof(panel));
            }
        }

        if (panel.Lower is { } lower)
        {
            Write(text, name + ", below", lower);
        }
    }

    private static void Nodes(ValueGrid grid, Action<double, double, double, double, double, double> line)
    {
        for (int j = 0; j < grid.Y.Count; j++)
        {
            for (int i = 0; i < grid.X.Count; i++)
            {
                line(grid.X[i], double.NaN, grid.Y[j], double.NaN, double.NaN, grid[i, j]);
            }
        }
    }

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("G7", CultureInfo.InvariantCulture) : "";

    private static string Quoted(string text)
    {
        string plain = string.Concat(InlineText.Parse(text).Select(run => run.Text));
        return plain.AsSpan().IndexOfAny(",\"\n") < 0 ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
