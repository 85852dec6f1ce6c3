namespace Sagitta.Reports.Documents;

/// <summary>Writes a table as HTML.</summary>
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
            writer.Start("th", numeric[c] ? "number" : "text").Attribute("scope", "col").Start("button").Attribute("type", "button");
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
                writer.Start("td", (numeric[c] ? "number" : "text") + (cell.Strong ? " strong" : ""));
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
