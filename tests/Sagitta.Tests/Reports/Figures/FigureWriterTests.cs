using System.Xml.Linq;

namespace Sagitta.Tests.Reports.Figures;

public sealed class FigureWriterTests
{
    private static readonly double[] s_x = [1, 2, 4, 8, 16];
    private static readonly double[] s_y = [3, double.NaN, 5, 7, 30];

    private static XElement Draw(params Mark[] marks) =>
        Draw(new Figure(new Panel(new Axis("x", "mm"), new Axis("y"), marks)));

    private static XElement Draw(Figure figure)
    {
        MarkupWriter writer = new();
        FigureWriter.Write(writer, figure, "figure", standalone: false);
        return XElement.Parse(writer.ToString());
    }

    private static IEnumerable<XElement> OfClass(XElement svg, string name) =>
        svg.Descendants().Where(e => e.Attribute("class")?.Value.Split(' ').Contains(name) == true);

    [Fact]
    public void Figure_with_every_kind_of_mark_is_well_formed_and_its_identifiers_differ()
    {
        ValueGrid grid = ContourTracerTests.Grid(s_x, s_x, (x, y) => x * y);
        Axis z = new("z") { Scale = AxisScale.Logarithmic };
        Panel panel = new(
            new Axis("p_{T} <&>", "GeV") { Scale = AxisScale.Logarithmic },
            new Axis("y") { Scale = AxisScale.Logarithmic },
            [
                new HeatMap(grid, z), new Contours(grid, Contours.LogarithmicLevels(grid, 4), z),
                new Curve(s_x, s_y) { Label = "c", ShowEnds = true, Style = LineStyle.Dashed }, new Points(
                    s_x, s_y) { Label = "p", YErrorLow = s_x, Joined = true },
                new Histogram(s_x, [1, 0, 2, 3]) { Errors = [1, 1, 1, 1], Filled = true }, new Rule(3),
            ])
        {
            Title = "T",
            Lower = new Panel(new Axis(""), new Axis("ratio"), [new Points(s_x, s_x)]),
        };
        XElement svg = XElement.Parse(FigureWriter.WriteFile(new Figure([panel, panel, panel]) { Columns = 2, Width = 900 }));
        string[] identifiers = [.. svg.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(6, identifiers.Length);
        Assert.Equal(identifiers, identifiers.Distinct());
        Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), a => a.Value.Contains("NaN", StringComparison.Ordinal));
    }

    [Fact]
    public void Same_figure_gives_the_same_text()
    {
        Figure figure = new(new Panel(new Axis("x"), new Axis("y"), [new Curve(s_x, s_y)]));
        Assert.Equal(FigureWriter.WriteFile(figure), FigureWriter.WriteFile(figure with { }));
    }

    [Fact]
    public void Points_that_are_not_finite_are_left_out_and_break_lines()
    {
        XElement svg = Draw(new Curve(s_x, s_y), new Points(s_x, s_y));
        Assert.Equal(4, OfClass(svg, "marker").Count());
        string path = Assert.Single(OfClass(svg, "curve")).Attribute("d")!.Value;
        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.Equal(2, path.Count(c => c == 'L'));
    }

    [Fact]
    public void Logarithmic_axis_leaves_out_what_is_not_positive()
    {
        Panel panel = new(new Axis("x"), new Axis("y") { Scale = AxisScale.Logarithmic }, [new Points([1, 2, 3], [0, -1, 5])]);
        Assert.Single(OfClass(Draw(new Figure(panel)), "marker"));
    }

    [Fact]
    public void Markers_outside_given_ends_are_not_drawn()
    {
        Panel panel = new(new Axis("x") { Low = 0, High = 5 }, new Axis("y"), [new Points(s_x, s_x)]);
        Assert.Equal(3, OfClass(Draw(new Figure(panel)), "marker").Count());
    }

    [Fact]
    public void Only_labelled_marks_are_in_the_legend()
    {
        XElement svg = Draw(new Curve(s_x, s_x) { Label = "shown" }, new Curve(s_x, s_y));
        Assert.Equal("shown", Assert.Single(OfClass(svg, "legend-label")).Value);
    }

    [Fact]
    public void Steps_of_a_histogram_span_their_bins()
    {
        XElement svg = Draw(new Histogram([0, 1, 2], [2, 4]));
        string path = Assert.Single(OfClass(svg, "step")).Attribute("d")!.Value;
        Assert.Equal(2, path.Count(c => c == 'H'));
        Assert.Equal(3, path.Count(c => c == 'V'));
    }

    [Fact]
    public void Empty_panel_says_so() => Assert.Contains("no data", Draw().Value, StringComparison.Ordinal);

    [Fact]
    public void Mismatched_columns_and_wrong_edges_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Draw(new Curve([1, 2], [1])));
        Assert.Throws<ArgumentException>(() => Draw(new Histogram([0, 1], [1, 2])));
        Assert.Throws<ArgumentException>(() => Draw(new Points([1], [1]) { YErrorLow = [1, 2] }));
        Assert.Throws<ArgumentException>(() => FigureWriter.WriteFile(new Figure([])));
    }

    [Fact]
    public void Palette_runs_from_dark_to_light_and_series_repeat()
    {
        Assert.Equal("#440154", Palette.Sequential(0));
        Assert.Equal("#fde725", Palette.Sequential(2));
        Assert.Equal("s0", Palette.SeriesClass(Palette.SeriesCount));
        Assert.Equal("sn", Palette.SeriesClass(Palette.Neutral));
    }
}
