using System.Text;

namespace Sagitta.Cli.CommandLine;

/// <summary>A terminal: lines that are wider than it go on below, from a blank on, so that no word and no number is cut. Tables are made
/// narrow enough where they are made (<see cref="Reports.Documents.MetricTable"/>); lines of JSON and Markdown stay as they are.</summary>
/// <param name="inner">Where lines go.</param>
/// <param name="width">Characters of a line.</param>
internal sealed class TerminalWriter(TextWriter inner, int width) : TextWriter(CultureInfo.InvariantCulture)
{
    private const int Indent = 4;
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (value == '\n')
        {
            WriteLines();
        }
        else
        {
            _line.Append(value);
        }
    }

    public override void Write(string? value)
    {
        foreach (char each in value ?? "")
        {
            Write(each);
        }
    }

    public override void Flush()
    {
        inner.Write(_line);
        _line.Clear();
        inner.Flush();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Flush();
        }

        base.Dispose(disposing);
    }

    private void WriteLines()
    {
        string rest = _line.ToString().TrimEnd('\r');
        _line.Clear();
        int own = rest.Length - rest.TrimStart().Length;
        bool wraps = own < rest.Length && rest[own] is not ('{' or '}' or '[' or ']' or '"' or '|' or '#');
        string margin = new(' ', Math.Min(own + Indent, width / 2));
        for (int from = own; wraps && rest.Length > width; from = margin.Length)
        {
            int end = rest.LastIndexOf(' ', width, width - from + 1);
            end = end > from ? end : rest.IndexOf(' ', width);
            if (end < 0)
            {
                break;
            }

            inner.WriteLine(rest[..end].TrimEnd());
            rest = margin + rest[end..].TrimStart();
        }

        inner.WriteLine(rest);
    }
}
