using System.Text;

namespace Sagitta.Reports.Documents;

/// <summary>A table as Markdown, numbers as the report shows them, its caption below.</summary>
internal static class TableMarkdown
{
    /// <summary>Writes a table.</summary>
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
                NumberCell number => NumberFormat.Text(number, decimals[c], 0, 0),
                TextCell words => Plain(words.Text),
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
