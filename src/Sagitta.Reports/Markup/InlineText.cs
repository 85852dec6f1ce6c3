using System.Text;

namespace Sagitta.Reports.Markup;

/// <summary>The little notation of labels and paragraphs: <c>_{sub}</c>, <c>^{super}</c>, <c>`code`</c> and <c>**strong**</c>. Whatever is
/// not closed is plain text.</summary>
internal static class InlineText
{
    /// <summary>Splits text into runs of one style each.</summary>
    public static List<InlineRun> Parse(string text)
    {
        List<InlineRun> runs = [];
        StringBuilder plain = new();
        int i = 0;
        while (i < text.Length)
        {
            (string Open, string Close, InlineStyle Style)? notation = text[i] switch
            {
                '_' => ("_{", "}", InlineStyle.Subscript),
                '^' => ("^{", "}", InlineStyle.Superscript),
                '`' => ("`", "`", InlineStyle.Code),
                '*' => ("**", "**", InlineStyle.Strong),
                _ => null,
            };
            if (notation is var (open, close, style) && string.CompareOrdinal(text, i, open, 0, open.Length) == 0)
            {
                int start = i + open.Length;
                int end = text.IndexOf(close, start, StringComparison.Ordinal);
                if (end > start)
                {
                    Flush(runs, plain);
                    runs.Add(new InlineRun(text[start..end], style));
                    i = end + close.Length;
                    continue;
                }
            }

            plain.Append(text[i++]);
        }

        Flush(runs, plain);
        return runs;
    }

    /// <summary>Writes the text as HTML.</summary>
    public static MarkupWriter Inline(this MarkupWriter writer, string text)
    {
        foreach (InlineRun run in Parse(text))
        {
            string? element = run.Style switch
            {
                InlineStyle.Subscript => "sub",
                InlineStyle.Superscript => "sup",
                InlineStyle.Code => "code",
                InlineStyle.Strong => "strong",
                _ => null,
            };
            if (element is null)
            {
                writer.Text(run.Text);
            }
            else
            {
                writer.Start(element).Text(run.Text).End();
            }
        }

        return writer;
    }

    /// <summary>Writes the text as content of an SVG text element.</summary>
    public static void WriteSvg(MarkupWriter writer, string text)
    {
        double shift = 0; // em of the surrounding text that the baseline is away from where it began
        foreach (InlineRun run in Parse(text))
        {
            double wanted = run.Style switch { InlineStyle.Subscript => 0.25, InlineStyle.Superscript => -0.4, _ => 0 };
            bool small = run.Style is InlineStyle.Subscript or InlineStyle.Superscript;
            if (run.Style == InlineStyle.Plain && shift == 0)
            {
                writer.Text(run.Text);
                continue;
            }

            // dy is measured in the font size of the span itself, hence the division by its 0.72.
            writer.Start("tspan").Attribute("dy", MarkupWriter.Number((wanted - shift) / (small ? 0.72 : 1)) + "em");
            if (small)
            {
                writer.Attribute("font-size", "72%");
            }

            writer.Text(run.Text).End();
            shift = wanted;
        }
    }

    /// <summary>Writes the text as an SVG element at a place.</summary>
    public static void WriteSvg(MarkupWriter writer, string className, string text, double x, double y, string anchor)
    {
        writer.Start("text", className).Attribute("x", x).Attribute("y", y);
        if (anchor != "start")
        {
            writer.Attribute("text-anchor", anchor);
        }

        WriteSvg(writer, text);
        writer.End().Line();
    }

    /// <summary>Writes the title of a vertical axis, centred at a place.</summary>
    public static void WriteRotated(MarkupWriter writer, string text, double x, double y)
    {
        writer.Start("text", "axis-title").Attribute("text-anchor", "middle")
            .Attribute("transform", $"translate({MarkupWriter.Number(x)} {MarkupWriter.Number(y)}) rotate(-90)");
        WriteSvg(writer, text);
        writer.End().Line();
    }

    /// <summary>An estimate of the width of the text in units of its font size (em), for layout: sans-serif, proportional.</summary>
    public static double Width(string text)
    {
        double width = 0;
        foreach (InlineRun run in Parse(text))
        {
            double scale = run.Style is InlineStyle.Subscript or InlineStyle.Superscript ? 0.72 : 1;
            foreach (char c in run.Text)
            {
                width += scale * c switch
                {
                    'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or 'I' => 0.28,
                    'f' or 't' or 'r' or '(' or ')' or '[' or ']' or '/' or ' ' or '-' => 0.36,
                    'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.88,
                    >= 'A' and <= 'Z' => 0.69,
                    _ => 0.57,
                };
            }
        }

        return width;
    }

    private static void Flush(List<InlineRun> runs, StringBuilder plain)
    {
        if (plain.Length > 0)
        {
            runs.Add(new InlineRun(plain.ToString(), InlineStyle.Plain));
            plain.Clear();
        }
    }
}

/// <summary>A stretch of text in one style.</summary>
internal readonly record struct InlineRun(string Text, InlineStyle Style);

/// <summary>The styles that text within a line may have.</summary>
internal enum InlineStyle
{
    Plain,
    Subscript,
    Superscript,
    Code,
    Strong,
}
