using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;

namespace Sagitta.Tests.Reports.Documents;

public sealed class ReportWriterTests
{
    private static XElement Parse(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>\n", html, StringComparison.Ordinal);
        return XElement.Parse(html["<!DOCTYPE html>\n".Length..], LoadOptions.PreserveWhitespace);
    }

    private static XElement Write(params Block[] blocks) => Parse(ReportWriter.Write(new Report("T", blocks)));

    [Fact]
    public void Report_of_every_block_is_well_formed_and_asks_for_nothing_from_outside()
    {
        Illustration illustration = new(new Figure(new Panel(new Axis("x"), new Axis("y"), [new Curve([1, 2], [1, 2])])), "A `c`.");
        string html = ReportWriter.Write(new Report("Title", [
            new Heading("One"), new Heading("Two"), new Heading("Two"), new Paragraph("p_{T}"), new Code("x < y"),
            new Table(["A", new("B", "mm")], [["a", 1.5]]) { Caption = "C" }, illustration, illustration,
            new Verdict(VerdictOutcome.Fails, "No.") { Text = "t", Claims = [new Claim("s", "m", "b", VerdictOutcome.Undecided)] },
            new Details("More", [new Code("y")]),
        ])
        {
            Subtitle = "S",
            Facts = [("Seed", "1")],
        });
        XElement root = Parse(html);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain(root.Descendants().Attributes(), a => a.Name.LocalName is "src");
        Assert.All(root.Descendants("a"), a => Assert.StartsWith("#", a.Attribute("href")!.Value, StringComparison.Ordinal));
        string[] identifiers = [.. root.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(identifiers, identifiers.Distinct());
        Assert.All(root.Descendants("a"), a => Assert.Contains(a.Attribute("href")!.Value[1..], identifiers));
        Assert.Equal(["Figure 1. ", "Figure 2. "], root.Descendants("figcaption").SelectMany(c => c.Elements("b")).Select(b => b.Value)
            .Where(t => t[0] == 'F'));
    }

    [Fact]
    public void Any_text_survives_escaping() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            string legal = string.Concat(text.Get.Where(c => c is >= ' ' and < '\uD800'));
            Assert.Equal(legal, Write(new Code(legal)).Descendants("pre").Single().Value);
            Write(new Paragraph(text.Get.Replace('\uD800', ' ')), new Table([legal], [[legal]]));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Markup_in_text_is_shown_not_obeyed()
    {
        XElement paragraph = Write(new Paragraph("<script>alert(1)</script> & more")).Descendants("main").Single().Elements("p").Single();
        Assert.Empty(paragraph.Elements());
        Assert.Equal("<script>alert(1)</script> & more", paragraph.Value);
    }

    [Fact]
    public void Inline_notation_is_set_and_unclosed_notation_is_plain()
    {
        XElement paragraph = Write(new Paragraph("p_{T} 10^{3} `a_{b}` **strong** 2*3 **x `y _{z")).Descendants("main").Single().Elements(
            "p").Single();
        Assert.Equal(["sub", "sup", "code", "strong"], paragraph.Elements().Select(e => e.Name.LocalName));
        Assert.EndsWith(" 2*3 **x `y _{z", paragraph.Value, StringComparison.Ordinal);
        Assert.Equal("a_{b}", paragraph.Element("code")!.Value);
    }

    [Fact]
    public void Numbers_of_a_column_share_decimals_given_by_the_smallest_uncertainty()
    {
        XElement table = Write(new Table(["m", "v"], [
            ["a", new Metric(1.23456, 0.0123)], ["b", new Metric(-12.3, 0.5)], ["c", double.NaN]]));
        Assert.Equal(["1.235 ± 0.012", "−12.300 ± 0.500", "–"], Column(table, 1));
        Assert.Equal(["1.23456", "-12.3", ""], table.Descendants("td").Attributes("data-value").Select(a => a.Value));
    }

    [Fact]
    public void Intervals_are_padded_to_line_up_and_whole_numbers_have_no_decimals()
    {
        XElement table = Write(new Table(["d", "n"], [
            [new Metric(-0.1, -0.15, -0.05), 20000.0], [new Metric(0.1, 0.06, 0.14), 7.0]]));
        Assert.Equal(["−0.100 [−0.150, −0.050]", "0.100 [\u20070.060, \u20070.140]"], Column(table, 0));
        Assert.Equal(["20\u202F000", "7"], Column(table, 1));
    }

    [Fact]
    public void Row_of_wrong_length_is_refused() => Assert.Throws<ArgumentException>(() => Write(new Table(["a", "b"], [["x"]])));

    private static IEnumerable<string> Column(XElement root, int column) =>
        root.Descendants("tbody").Single().Elements("tr").Select(r => r.Elements("td").ElementAt(column).Value);
}
