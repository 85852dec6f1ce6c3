using System.Text;

namespace Sagitta.Reports.Documents;

internal static class TableWriter
{
    public static void Write(MarkupWriter writer, Table table, int number)
    {
        if (table.Rows.FirstOrDefault(row => row.Count != table.Columns.Count) is { } wrong)
        {
            throw new ArgumentException($"A row of a table with {table.Columns.Count} columns has {wrong.Count} cells.", nameof(table));
        }

        NumberFormat[] formats = NumberFormat.Of(table);
        writer.Start("figure", "table");
        if (table.Caption.Length > 0)
        {
            writer.Attribute("id", string.Create(CultureInfo.InvariantCulture, $"table-{number}")).Line().Start("figcaption")
                .Element("b", "label", string.Create(CultureInfo.InvariantCulture, $"Table {number}. ")).Inline(table.Caption).End();
        }

        writer.Line().Start("div", "scroll").Attribute("tabindex", "0").Attribute("role", "region")
            .Attribute("aria-label", string.Create(CultureInfo.InvariantCulture, $"Table {number}, scrolls sideways")).Start(
                "table", "data sortable").Start("thead").Start("tr").Line();
        foreach ((TableColumn column, NumberFormat format) in table.Columns.Zip(formats))
        {
            writer.Start("th", format.ClassName).Attribute("scope", "col");
            if (column.Meaning.Length > 0)
            {
                writer.Attribute("title", column.Meaning);
            }

            writer.Start("button").Attribute("type", "button").Inline(column.Header);
            if (column.Unit.Length > 0)
            {
                writer.Start("span", "unit").Inline(column.Unit).End();
            }

            writer.End().End().Line();
        }

        writer.End().End().Line().Start("tbody").Line();
        foreach (IReadOnlyList<Metric> row in table.Rows)
        {
            writer.Start("tr");
            foreach ((Metric cell, NumberFormat format) in row.Zip(formats))
            {
                writer.Start("td", format.ClassName);
                if (cell.Text is { } text)
                {
                    writer.Inline(text);
                }
                else
                {
                    writer.Attribute("data-value", double.IsFinite(cell.Value)
                        ? cell.Value.ToString("R", CultureInfo.InvariantCulture) : "")
                        .Text(format.Text(cell));
                }

                writer.End();
            }

            writer.End().Line();
        }

        writer.End().End().End().Line().End().Line();
    }
}

/// <summary>A table as Markdown, numbers as the report shows them, its caption below.</summary>
internal static class TableMarkdown
{
    public static string Of(Table table)
    {
        NumberFormat[] formats = NumberFormat.Of(table);
        StringBuilder text = new();
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(c => Plain(c.Unit.Length > 0 ? $"{c.Header}, {c.Unit}" : c.Header)))
            .Append(" |\n|").AppendJoin("", formats.Select(f => f.IsNumeric ? "---:|" : "---|")).Append('\n');
        foreach (IReadOnlyList<Metric> row in table.Rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Zip(formats, (cell, format) => cell.Text is { } words
                ? words.Length > 0 ? Plain(words) : "–"
                : (format with { UncertaintyWidth = 0, EndWidth = 0 }).Text(cell).Replace('−', '-'))).Append(" |\n");
        }

        return table.Caption.Length > 0 ? text.Append('\n').Append(Plain(table.Caption)).Append('\n').ToString() : text.ToString();
    }

    private static string Plain(string text) => string.Concat(InlineText.Parse(text).Select(run => run.Style switch
    {
        InlineStyle.Superscript => "^" + run.Text,
        InlineStyle.Code => "`" + run.Text + "`",
        InlineStyle.Strong => "**" + run.Text + "**",
        _ => run.Text,
    })).Replace("|", "\\|", StringComparison.Ordinal);
}

/// <summary>How a column of a table shows its numbers: decimals, and the widths that its uncertainties and the ends of its intervals are
/// padded to, so that columns of digits line up.</summary>
internal sealed record NumberFormat(bool IsNumeric, int Decimals, int UncertaintyWidth, int EndWidth)
{
    private const char FigureSpace = '\u2007';

    public string ClassName => IsNumeric ? "number" : "text";

    public static NumberFormat[] Of(Table table) => [.. table.Columns.Select((column, c) =>
    {
        Metric[] cells = [.. table.Rows.Select(row => row[c]).Where(cell => cell.Text is null)];
        int decimals = column.Decimals ?? DecimalsOf(cells);
        return new NumberFormat(cells.Length > 0, decimals, cells.Select(cell => Width(cell.Error)).DefaultIfEmpty().Max(),
            cells.Select(cell => Math.Max(Width(cell.Low), Width(cell.High))).DefaultIfEmpty().Max());

        int Width(double value) => double.IsNaN(value) ? 0 : Text(value, decimals).Length;
    })];

    /// <summary>The whole cell: number, and uncertainty or interval; a dash if it is not finite.</summary>
    public string Text(Metric cell)
    {
        string value = Text(cell.Value, Decimals);
        return !double.IsFinite(cell.Value) ? value
            : !double.IsNaN(cell.Error) ? $"{value} ± {Text(cell.Error, Decimals).PadLeft(UncertaintyWidth, FigureSpace)}"
            : double.IsNaN(cell.Low) || double.IsNaN(cell.High) ? value
            : $"{value} [{Text(cell.Low, Decimals).PadLeft(EndWidth, FigureSpace)}, "
                + $"{Text(cell.High, Decimals).PadLeft(EndWidth, FigureSpace)}]";
    }

    // Decimals that show two digits of the smallest uncertainty of a column; without uncertainties four digits of its largest value, and
    // none if all its values are whole numbers.
    private static int DecimalsOf(Metric[] cells)
    {
        double smallest = cells.Select(cell => double.IsNaN(cell.Error) ? (cell.High - cell.Low) / 2 : cell.Error)
            .Where(uncertainty => uncertainty > 0 && double.IsFinite(uncertainty)).DefaultIfEmpty(double.PositiveInfinity).Min();
        double[] values = [.. cells.Select(cell => Math.Abs(cell.Value)).Where(double.IsFinite)];
        return double.IsFinite(smallest) ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(smallest)), 0, 6)
            : values.All(value => value == Math.Truncate(value)) ? 0
            : Math.Clamp(3 - (int)Math.Floor(Math.Log10(values.Max())), 0, 6);
    }

    private static string Text(double value, int decimals)
    {
        if (!double.IsFinite(value))
        {
            return "–";
        }

        string text = value.ToString((Math.Abs(value) >= 10000 ? "N" : "F") + decimals.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture);
        bool zero = text.AsSpan().IndexOfAnyInRange('1', '9') < 0;
        return text.Replace(",", "\u202F", StringComparison.Ordinal).Replace("-", zero ? "" : "−", StringComparison.Ordinal);
    }
}
