using System.Text.Json.Nodes;

namespace Sagitta.Reports.Documents;

/// <summary>Renders rows by their metric columns: as plain text, as Markdown, as a table of a report, and as JSON.</summary>
internal static class MetricTable
{
    private static int TerminalWidth => Console.IsOutputRedirected ? int.MaxValue : Console.WindowWidth is > 0 and var width ? width : 80;

    /// <summary>Lines of columns of fixed width, the headers first. On a terminal that is narrower, each row is a block of lines.</summary>
    public static string PlainText<TRow>(IReadOnlyList<MetricColumn<TRow>> columns, IEnumerable<TRow> rows) =>
        PlainText(columns, [.. rows], TerminalWidth);

    /// <summary>The same for a width in characters.</summary>
    internal static string PlainText<TRow>(IReadOnlyList<MetricColumn<TRow>> columns, IReadOnlyList<TRow> rows, int width)
    {
        string table = Lines(columns, rows);
        return table.Split('\n').Max(line => line.Length) <= width ? table : Blocks(columns, rows);
    }

    // The leading texts of a row are its heading, each further column a line of its name and its value.
    private static string Blocks<TRow>(IReadOnlyList<MetricColumn<TRow>> columns, IReadOnlyList<TRow> rows)
    {
        MetricColumn<TRow>[] heading = [.. columns.TakeWhile((c, i) => i == 0 || c.Width < 0)];
        MetricColumn<TRow>[] others = [.. columns.Skip(heading.Length)];
        string Name(MetricColumn<TRow> column) => column.Unit.Length > 0 ? $"{column.Header}, {column.Unit}" : column.Header;
        int names = others.Select(c => Name(c).Length).DefaultIfEmpty().Max();
        return string.Concat(rows.Select(row => string.Join(' ', heading.Select(c => c.Text(row))).TrimEnd() + "\n" + string.Concat(
            others.Select(c => (c.Width < 0 ? $"  {Name(c).PadRight(names)}  {c.Text(row)}"
                : $"  {Name(c).PadRight(names)}  {c.Text(row).PadLeft(c.Width)}").TrimEnd() + "\n"))));
    }

    private static string Lines<TRow>(IReadOnlyList<MetricColumn<TRow>> columns, IReadOnlyList<TRow> rows)
    {
        string[][] lines =
            [[.. columns.Select(c => c.Short ?? c.Header)], .. rows.Select(row => columns.Select(c => c.Text(row)).ToArray())];

        // Names may be longer than foreseen; numbers stay below each other.
        int[] widths = [.. columns.Select((c, i) => c.Width < 0 ? Math.Max(-c.Width, lines.Max(line => line[i].Length)) : c.Width)];
        return string.Concat(lines.Select(line => string.Join(
            ' ', columns.Select((c, i) => c.Width < 0 ? line[i].PadRight(widths[i]) : line[i].PadLeft(widths[i]))).TrimEnd() + "\n"));
    }

    /// <summary>A table of a report.</summary>
    public static Table Block<TRow>(IReadOnlyList<MetricColumn<TRow>> columns, IEnumerable<TRow> rows, string caption = "") => new(
        [.. columns.Select(c => new TableColumn(c.Header, c.Unit) { Decimals = c.Decimals, Meaning = c.Meaning })],
        [.. rows.Select(row => columns.Select(c => c.Of(row).Times(c.Scale)).ToArray())])
    {
        Caption = caption,
    };

    /// <summary>A table in Markdown.</summary>
    public static string Markdown<TRow>(IReadOnlyList<MetricColumn<TRow>> columns, IEnumerable<TRow> rows) =>
        TableMarkdown.Of(Block(columns, rows));

    /// <summary>One row as a JSON object. A number with an error has a second key that ends in "Error", a count a second key for what it
    /// is out of; a number with an interval is an object of value, low and high.</summary>
    public static JsonObject Json<TRow>(IReadOnlyList<MetricColumn<TRow>> columns, TRow row)
    {
        JsonObject json = [];
        foreach (MetricColumn<TRow> column in columns)
        {
            Metric metric = column.Of(row);
            json[column.Name] = metric.Text is { } text ? text.Length > 0 ? text : null
                : metric.HasInterval ? Interval(metric) : Number(metric.Value);
            if (metric.HasError)
            {
                json[column.Name + "Error"] = Number(metric.Error);
            }

            if (column.OutOf.Length > 0)
            {
                json[column.OutOf] = Number(metric.OutOf);
            }
        }

        return json;
    }

    /// <summary>A number with an interval as JSON.</summary>
    public static JsonObject Interval(Metric metric) =>
        new() { ["value"] = Number(metric.Value), ["low"] = Number(metric.Low), ["high"] = Number(metric.High) };

    /// <summary>A number of seven digits as JSON; null if it is not finite.</summary>
    public static JsonValue? Number(double value) => double.IsFinite(value)
        ? JsonValue.Create(NumberText.Rounded(value, "g7")) : null;
}
