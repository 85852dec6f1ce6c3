using System.Text.Json.Nodes;

namespace Sagitta.Tests.Reports.Documents;

public sealed class MetricTableTests
{
    private static readonly IReadOnlyList<MetricColumn<double>> s_columns =
    [
        new("name", "Name", "", "A text.", row => row > 0 ? "some" : "") { Width = -6, Short = "n" },
        new("share", "Share", "0.0", "A share.", row => row) { Unit = "%", Scale = 100 },
        new("width", "Width", "0.00", "A number with its error.", row => new Metric(row, row / 4)) { Width = 14 },
        new("gain", "Gain", "+0.00;-0.00", "A number with its interval.", row => new Metric(row, -row, 2 * row)) { Width = 22 },
        new("failed", "Failed", "0", "A count.", row => new Metric(row) { OutOf = 8 }) { OutOf = "attempted" },
    ];

    [Theory]
    [InlineData(1.01)]
    [InlineData(-0.01)]
    [InlineData(255)]
    public void A_share_outside_0_to_1_is_a_fault_and_is_not_shown(double share)
    {
        MetricColumn<double>[] columns = [s_columns[1] with { IsShare = true }];
        Assert.Equal("  Share\n  100.0\n", MetricTable.PlainText(columns, [1]));
        Assert.Throws<InvalidOperationException>(() => MetricTable.PlainText(columns, [share]));
        Assert.Throws<InvalidOperationException>(() => MetricTable.Markdown(columns, [share]));
        Assert.Throws<InvalidOperationException>(() => MetricTable.Json(columns, share));
    }

    [Fact]
    public void Nothing_infinite_is_shown()
    {
        Assert.Equal("  Share\n      -\n", MetricTable.PlainText([s_columns[1]], [double.PositiveInfinity]));
        Assert.Null(MetricTable.Json([s_columns[1]], double.PositiveInfinity)["share"]);
    }

    [Theory]
    [InlineData(-0.004, "0.00 +- 0.00")]
    [InlineData(-0.006, "-0.01 +- 0.00")]
    [InlineData(0, "0.00 +- 0.00")]
    public void A_number_that_rounds_to_zero_has_no_sign(double value, string shown) =>
        Assert.Equal(shown, new Metric(value, 0).ToString("0.00"));

    [Fact]
    public void Long_names_move_the_numbers_of_all_rows() => Assert.Equal(
        "n                Share\nsomething else   100.0\n",
        MetricTable.PlainText([s_columns[0] with { Value = _ => "something else" }, s_columns[1]], [1]));

    [Fact]
    public void A_row_is_rendered_in_four_ways()
    {
        string text = MetricTable.PlainText(s_columns, [1, double.NaN]);
        Assert.Equal(
            "n        Share          Width                   Gain  Failed\n"
            + "some     100.0   1.00 +- 0.25   +1.00 [-1.00, +2.00]     1/8\n"
            + "-            -         - +- -               - [-, -]     -/8\n", text);
        string markdown = MetricTable.Markdown(s_columns, [1, double.NaN]);
        Assert.Contains("| Name | Share, % | Width | Gain | Failed |", markdown, StringComparison.Ordinal);
        Assert.Contains("| some | 100.0 | 1.00 ± 0.25 | 1.00 [-1.00, 2.00] | 1 |", markdown, StringComparison.Ordinal);
        Assert.Contains("| – | – | – | – | – |", markdown, StringComparison.Ordinal);
        Table table = MetricTable.Block(s_columns, [1.0]);
        Assert.Equal("A share.", table.Columns[1].Meaning);
        Assert.Equal(100, table.Rows[0][1].Value);
        JsonObject json = MetricTable.Json(s_columns, 1);
        Assert.Equal(
            """{"name":"some","share":1,"width":1,"widthError":0.25,"gain":{"value":1,"low":-1,"high":2},"failed":1,"attempted":8}""",
            json.ToJsonString());
        JsonObject undefined = MetricTable.Json(s_columns, double.NaN);
        Assert.Null(undefined["name"]);
        Assert.Null(undefined["share"]);
        Assert.Null(undefined["gain"]!["low"]);
    }

    [Fact]
    public void On_a_narrow_terminal_a_row_is_a_block_of_lines() => Assert.Equal(
        "some\n  Share, %    100.0\n  Width       1.00 +- 0.25\n  Gain        +1.00 [-1.00, +2.00]\n  Failed        1/8\n",
        MetricTable.PlainText(s_columns, [1], 40));

    [Fact]
    public void Every_column_stands_in_all_four_renderings() => StandsInAllFour(s_columns, 1);

    [Fact]
    public void A_column_can_be_read_from_rows_that_hold_such_a_row_or_none()
    {
        MetricColumn<string> column = s_columns[1].Of((string text) => text.Length > 0 ? text.Length : double.NaN);
        Assert.Equal("300.0", column.Text("abc"));
        Assert.Equal("-", column.Text(""));
    }

    /// <summary>Fails unless each column's header and value are in plain text, Markdown and HTML, and its key in JSON.</summary>
    internal static void StandsInAllFour<TRow>(IReadOnlyList<MetricColumn<TRow>> columns, TRow row)
    {
        string text = MetricTable.PlainText(columns, [row]);
        string markdown = MetricTable.Markdown(columns, [row]);
        string html = ReportWriter.Write(new("T", [MetricTable.Block(columns, [row], "c")]));
        JsonObject json = MetricTable.Json(columns, row);
        Assert.Equal(columns.Count, columns.Select(c => c.Name).Distinct().Count());
        foreach (MetricColumn<TRow> column in columns)
        {
            Assert.Contains(column.Short ?? column.Header, text, StringComparison.Ordinal);
            Assert.Contains(column.Text(row), text, StringComparison.Ordinal);
            Assert.Contains(column.Header, markdown, StringComparison.Ordinal);
            Assert.Contains(column.Meaning, html, StringComparison.Ordinal);
            Assert.True(json.ContainsKey(column.Name), column.Name);
        }

        int cells = markdown.Split('\n')[2].Count(c => c == '|') - 1;
        Assert.Equal(columns.Count, cells);
    }
}
