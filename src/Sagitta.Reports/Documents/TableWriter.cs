using System.Text;

namespace Sagitta.Reports.Documents;

internal static class TableWriter
{
    public static void Write(MarkupWriter writer, Table table, int number)
    {
        int columns = table.Columns.Count;
        bool[] numeric = new bool[columns];
        int[] decimals = new int[columns];
        int[] uncertaintyWidth = new int[columns];
        int[] endWidth = new int[columns];
        foreach (IReadOnlyList<Cell> row in table.Rows)
        {
            if (row.Count != columns)
            {
                throw new ArgumentException($"A row of a table with {columns} columns has {row.Count} cells.", nameof(table));
            }
        }

        for (int c = 0; c < columns; c++)
        {
            List<NumberCell> cells = [];
            foreach (IReadOnlyList<Cell> row in table.Rows)
            {
                if (row[c] is NumberCell cell)
                {
                    cells.Add(cell);
                }
            }

            numeric[c] = cells.Count > 0;
            decimals[c] = table.Columns[c].Decimals ?? NumberFormat.Decimals(cells);
            foreach (NumberCell cell in cells)
            {
                uncertaintyWidth[c] = Math.Max(uncertaintyWidth[c], double.IsNaN(cell.Uncertainty) ? 0
                    : NumberFormat.Text(cell.Uncertainty, decimals[c]).Length);
                endWidth[c] = Math.Max(endWidth[c], Math.Max(EndWidth(cell.Low, decimals[c]), EndWidth(cell.High, decimals[c])));
            }
        }

        writer.Start("figure", "table");
        if (table.Caption.Length > 0)
        {
            writer.Attribute("id", string.Create(CultureInfo.InvariantCulture, $"table-{number}")).Line().Start("figcaption")
                .Element("b", "label", string.Create(CultureInfo.InvariantCulture, $"Table {number}. "));
            InlineText.WriteHtml(writer, table.Caption);
            writer.End();
        }

        writer.Line().Start("div", "scroll").Start("table", "data sortable").Start("thead").Start("tr").Line();
        for (int c = 0; c < columns; c++)
        {
            writer.Start("th", numeric[c] ? "number" : "text").Attribute("scope", "col");
            if (table.Columns[c].Meaning.Length > 0)
            {
                writer.Attribute("title", table.Columns[c].Meaning);
            }

            writer.Start("button").Attribute("type", "button");
            InlineText.WriteHtml(writer, table.Columns[c].Header);
            if (table.Columns[c].Unit.Length > 0)
            {
                writer.Start("span", "unit");
                InlineText.WriteHtml(writer, table.Columns[c].Unit);
                writer.End();
            }

            writer.End().End().Line();
        }

        writer.End().End().Line().Start("tbody").Line();
        foreach (IReadOnlyList<Cell> row in table.Rows)
        {
            writer.Start("tr");
            for (int c = 0; c < columns; c++)
            {
                Cell cell = row[c];
                writer.Start("td", numeric[c] ? "number" : "text");
                if (cell is NumberCell value)
                {
                    writer.Attribute("data-value", double.IsFinite(value.Value)
                        ? value.Value.ToString("R", CultureInfo.InvariantCulture) : "")
                        .Text(NumberFormat.Text(value, decimals[c], uncertaintyWidth[c], endWidth[c]));
                }
                else if (cell is TextCell text)
                {
                    InlineText.WriteHtml(writer, text.Text);
                }

                writer.End();
            }

            writer.End().Line();
        }

        writer.End().End().End().Line().End().Line();
    }

    private static int EndWidth(double end, int decimals) => double.IsNaN(end) ? 0 : NumberFormat.Text(end, decimals).Length;
}

/// <summary>A table as Markdown, numbers as the report shows them, its caption below.</summary>
internal static class TableMarkdown
{
    public static string Of(Table table)
    {
        StringBuilder text = new();
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(c => Plain(c.Unit.Length > 0 ? $"{c.Header}, {c.Unit}" : c.Header)))
            .Append(" |\n|");
        int[] decimals = new int[table.Columns.Count];
        for (int c = 0; c < decimals.Length; c++)
        {
            NumberCell[] cells = [.. table.Rows.Select(row => row[c]).OfType<NumberCell>()];
            decimals[c] = table.Columns[c].Decimals ?? NumberFormat.Decimals(cells);
            text.Append(cells.Length > 0 ? "---:|" : "---|");
        }

        text.Append('\n');
        foreach (IReadOnlyList<Cell> row in table.Rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select((cell, c) => cell switch
            {
                NumberCell number => NumberFormat.Text(number, decimals[c], 0, 0).Replace('−', '-'),
                TextCell words => words.Text.Length > 0 ? Plain(words.Text) : "–",
                _ => "",
            })).Append(" |\n");
        }

        return table.Caption.Length > 0 ? text.Append('\n').Append(Plain(table.Caption)).Append('\n').ToString() : text.ToString();
    }

    private static string Plain(string text)
    {
        StringBuilder plain = new();
        foreach (InlineRun run in InlineText.Parse(text))
        {
            plain.Append(run.Style switch
            {
                InlineStyle.Superscript => "^" + run.Text,
                InlineStyle.Code => "`" + run.Text + "`",
                InlineStyle.Strong => "**" + run.Text + "**",
                _ => run.Text,
            });
        }

        return plain.Replace("|", "\\|").ToString();
    }
}

/// <summary>Numbers as a column of a table shows them.</summary>
internal static class NumberFormat
{
    private const char FigureSpace = '\u2007';

    /// <summary>Decimals that show two digits of the smallest uncertainty of a column; without uncertainties four digits of its largest
    /// value, and none if all its values are whole numbers.</summary>
    public static int Decimals(IReadOnlyList<NumberCell> cells)
    {
        double smallest = double.PositiveInfinity;
        double largest = 0;
        bool whole = true;
        foreach (NumberCell cell in cells)
        {
            double uncertainty = double.IsNaN(cell.Uncertainty) ? (cell.High - cell.Low) / 2 : cell.Uncertainty;
            if (uncertainty > 0 && double.IsFinite(uncertainty))
            {
                smallest = Math.Min(smallest, uncertainty);
            }

            if (double.IsFinite(cell.Value))
            {
                largest = Math.Max(largest, Math.Abs(cell.Value));
                whole &= cell.Value == Math.Truncate(cell.Value);
            }
        }

        if (double.IsFinite(smallest))
        {
            return Math.Clamp(1 - (int)Math.Floor(Math.Log10(smallest)), 0, 6);
        }

        return whole || largest == 0 ? 0 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(largest)), 0, 6);
    }

    /// <summary>One number; a dash if it is not finite.</summary>
    public static string Text(double value, int decimals)
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

    /// <summary>The whole cell: number, and uncertainty or interval, padded to the given widths so that columns of digits line
    /// up.</summary>
    public static string Text(NumberCell cell, int decimals, int uncertaintyWidth, int endWidth)
    {
        string value = Text(cell.Value, decimals);
        if (!double.IsFinite(cell.Value))
        {
            return value;
        }

        if (!double.IsNaN(cell.Uncertainty))
        {
            return value + " ± " + Text(cell.Uncertainty, decimals).PadLeft(uncertaintyWidth, FigureSpace);
        }

        return double.IsNaN(cell.Low) || double.IsNaN(cell.High)
            ? value
            : $"{value} [{Text(cell.Low, decimals).PadLeft(endWidth, FigureSpace)}, "
                + $"{Text(cell.High, decimals).PadLeft(endWidth, FigureSpace)}]";
    }
}
