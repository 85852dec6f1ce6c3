using System.Diagnostics;
using System.Reflection;

namespace Sagitta.Reports.Documents;

/// <summary>Writes a report as one HTML file that opens from disk: style, script and figures are inside, nothing is fetched. The file is
/// well-formed XML too, apart from its first line.</summary>
internal sealed class ReportWriter
{
    private readonly MarkupWriter _writer = new();
    private readonly Dictionary<string, int> _anchors = new(StringComparer.Ordinal);
    private readonly List<(string Term, string Meaning)> _unexplained = [];
    private int _figures;
    private int _tables;

    private ReportWriter()
    {
    }

    /// <summary>The report as HTML text.</summary>
    public static string Write(Report report)
    {
        ReportWriter writer = new();
        writer.WriteDocument(report);
        return "<!DOCTYPE html>\n" + writer._writer;
    }

    /// <summary>Writes the report to a file, which appears under its name only when it is whole, with what wrote it: version, date, wall
    /// time so far.</summary>
    public static void WriteFile(string path, Report report) =>
        AtomicFile.WriteText(path, Write(report with { Facts = [.. report.Facts, .. Circumstances()] }));

    private static (string Name, string Value)[] Circumstances()
    {
        using var process = Process.GetCurrentProcess();
        double minutes = (DateTime.UtcNow - process.StartTime.ToUniversalTime()).TotalMinutes;
        return [("Version", typeof(ReportWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "unknown"),
            ("Date", DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
            ("Wall time", string.Create(CultureInfo.InvariantCulture, $"{minutes:0.0} min"))];
    }

    /// <summary>Writes one event: a page of its own, or for a name that ends in .json a file for phoenix-event-display.</summary>
    public static void WriteEvent(string path, string name, long number, EventDisplay display, string subtitle)
    {
        string title = string.Create(CultureInfo.InvariantCulture, $"{name} {number}");
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            AtomicFile.Write(path, stream => stream.Write(PhoenixEvent.Write(title, number, display)));
        }
        else
        {
            WriteFile(path, new(title, [display]) { Subtitle = subtitle });
        }
    }

    private void WriteDocument(Report report)
    {
        _writer.Start("html").Attribute("lang", "en").Line().Start("head").Line()
            .Start("meta").Attribute("charset", "utf-8").End().Line()
            .Start("meta").Attribute("name", "viewport").Attribute("content", "width=device-width, initial-scale=1").End().Line()
            .Start("title").Text(PlainText(report.Title)).End().Line()
            .Start("style").Raw("/*<![CDATA[*/\n" + Asset.Read("figure.css") + Asset.Read("report.css") + Asset.Read("display.css")
                + "/*]]>*/").End().Line()
            .End().Line().Start("body").Line();
        _unexplained.AddRange(report.Terms);
        _writer.Start("a", "skip").Attribute("href", "#content").Text("To the content").End().Line();
        WriteContents(report);
        _writer.Start("main").Attribute("id", "content").Line().Start("header").Line().Start("h1").Inline(report.Title).End().Line();
        if (report.Subtitle.Length > 0)
        {
            _writer.Start("p", "subtitle").Inline(report.Subtitle).End().Line();
        }

        if (report.Facts.Count > 0)
        {
            _writer.Start("dl", "facts");
            foreach ((string name, string value) in report.Facts)
            {
                _writer.Start("div").Start("dt").Text(name).End().Start("dd").Text(value).End().End();
            }

            _writer.End().Line();
        }

        _writer.End().Line();
        if (report.IsQuick)
        {
            _writer.Start("p", "banner").Attribute("role", "note").Text(
                "Quick form: few events and one seed. It shows that all works; its numbers are no result.").End().Line();
        }

        if (report.Abstract.Length > 0)
        {
            _writer.Start("p", "abstract").Inline(report.Abstract).End().Line();
            Explain(report.Abstract);
        }

        foreach (Block block in report.Lead is { } lead ? [lead, .. report.Blocks] : report.Blocks)
        {
            WriteBlock(block);
            Explain(WordsOf(block));
        }

        _writer.End().Line()
            .Start("script").Raw("//<![CDATA[\n" + Asset.Read("report.js") + Asset.Read("save.js") + Asset.Read("display.js") + "//]]>\n")
                .End().Line()
            .End().Line().End().Line();
    }

    private void WriteContents(Report report)
    {
        string[] sections = [.. report.Blocks.OfType<Heading>().Select(heading => heading.Text)];
        if (sections.Length < 3)
        {
            return;
        }

        Dictionary<string, int> anchors = new(StringComparer.Ordinal);
        _writer.Start("nav").Attribute("aria-label", "Contents").Start("ol");
        foreach (string section in sections)
        {
            _writer.Start("li").Start("a").Attribute("href", "#" + Anchor(anchors, section)).Inline(section).End().End();
        }

        _writer.End().End().Line();
    }

    private void WriteBlock(Block block)
    {
        switch (block)
        {
            case Heading heading:
                _writer.Start("h2").Attribute("id", Anchor(_anchors, heading.Text)).Inline(heading.Text).End().Line();
                break;
            case Paragraph paragraph: _writer.Start("p").Inline(paragraph.Text).End().Line(); break;
            case Code code:
                _writer.Start("div", "code").Start("button", "copy").Attribute("type", "button").Text("Copy").End()
                    .Start("pre").Start("code").Text(code.Text).End().End().End().Line();
                break;
            case Table table:
                TableWriter.Write(_writer, table, table.Caption.Length > 0 ? ++_tables : 0);
                break;
            case Illustration illustration: WriteFigure(illustration); break;
            case EventDisplay display: WriteDisplay(display); break;
            case Verdict verdict: VerdictWriter.Write(_writer, verdict); break;
            case Details details:
                _writer.Start("details").Start("summary").Inline(details.Summary).End().Line();
                foreach (Block inner in details.Blocks)
                {
                    WriteBlock(inner);
                }

                _writer.End().Line();
                break;
            case Pages pages:
                _writer.Start("div", "pages").Line().Start("p", "pager").Start("button", "previous").Attribute("type", "button")
                    .Text("Previous").End().Text(" ").Start("button", "next").Attribute("type", "button").Text("Next").End().Text(" ")
                    .Start("output").Text("").End().End().Line();
                foreach (Block inner in pages.Blocks)
                {
                    _writer.Start("section", "page").Line();
                    WriteBlock(inner);
                    _writer.End().Line();
                }

                _writer.End().Line();
                break;
            default: throw new ArgumentException($"A {block.GetType().Name} cannot be written.", nameof(block));
        }
    }

    private void WriteFigure(Illustration illustration)
    {
        string identifier = string.Create(CultureInfo.InvariantCulture, $"figure-{++_figures}");
        Figure figure = illustration.Figure.Description.Length > 0
            ? illustration.Figure
            : illustration.Figure with { Description = PlainText(illustration.Caption) };
        _writer.Start("figure").Attribute("id", identifier).Line();
        FigureWriter.Write(_writer, figure, identifier, standalone: false);
        WriteCaption(illustration.Caption, FigureData.Csv(illustration.Figure));
    }

    private void WriteDisplay(EventDisplay display)
    {
        string identifier = string.Create(CultureInfo.InvariantCulture, $"figure-{++_figures}");
        int colouredBy = EventDisplayWriter.ColouredBy(display);
        _writer.Start("figure", "display").Attribute("id", identifier)
            .Attribute("data-by", colouredBy < 0 ? "" : colouredBy.ToString(CultureInfo.InvariantCulture)).Line();
        new EventDisplayWriter(_writer, display, identifier).Write();
        WriteCaption(display.Caption, FigureData.Csv(display));
    }

    // Terms are explained below the piece in which they first appear.
    private void Explain(string words)
    {
        (string Term, string Meaning)[] found = [.. _unexplained.Where(t => words.Contains(t.Term, StringComparison.OrdinalIgnoreCase))];
        if (found.Length == 0)
        {
            return;
        }

        _writer.Start("p", "terms");
        foreach ((string term, string meaning) in found)
        {
            _writer.Start("dfn").Inline(term).End().Text(": ").Inline(meaning).Text(" ");
        }

        _writer.End().Line();
        _unexplained.RemoveAll(found.Contains);
    }

    private static string WordsOf(Block block) => block switch
    {
        Heading heading => heading.Text,
        Paragraph paragraph => paragraph.Text,
        Table table => table.Caption + " " + string.Join(' ', table.Columns.Select(c => c.Header)),
        Illustration { Figure.Panels: var panels, Caption: var caption } => caption + " " + string.Join(
            ' ', panels.SelectMany(p => new[] { p.Title, p.X.Label, p.Y.Label })),
        EventDisplay display => display.Caption,
        Verdict verdict => $"{verdict.Headline} {verdict.Text} {string.Join(' ', verdict.Claims.Select(c => c.Statement + " " + c.Bound))}",
        _ => "",
    };

    private void WriteCaption(string caption, string data)
    {
        _writer.Line().Start("figcaption").Element("b", "label", string.Create(CultureInfo.InvariantCulture, $"Figure {_figures}. "))
            .Inline(caption).End().Line().Start("template", "data").Text(data).End().Line().End().Line();
    }

    private static string PlainText(string text) => string.Concat(InlineText.Parse(text).Select(run => run.Text));

    // Headings of the same words get different anchors, in their order.
    private static string Anchor(Dictionary<string, int> used, string text)
    {
        string name = string.Concat(PlainText(text).Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')).Trim('-');
        int count = used.GetValueOrDefault(name);
        used[name] = count + 1;
        return count == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{count + 1}");
    }
}

/// <summary>A document for readers, written as one HTML file by <see cref="ReportWriter"/>.</summary>
internal sealed record Report(string Title, IReadOnlyList<Block> Blocks)
{
    public string Subtitle { get; init; } = "";
    /// <summary>What was done and found, for a reader who knows nothing of it: one paragraph before all else.</summary>
    public string Abstract { get; init; } = "";
    /// <summary>The one figure that shows it, below that paragraph.</summary>
    public Illustration? Lead { get; init; }
    /// <summary>Words of the field, each explained below the piece in which it first appears.</summary>
    public IReadOnlyList<(string Term, string Meaning)> Terms { get; init; } = [];
    /// <summary>Whether it is of a short run whose numbers are no result; the page says so.</summary>
    public bool IsQuick { get; init; }
    /// <summary>Named facts below that: version, seed, date of the data, machine.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];
}
