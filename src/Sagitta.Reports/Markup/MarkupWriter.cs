using System.Text;

namespace Sagitta.Reports.Markup;

/// <summary>Writes elements, attributes and escaped text that are well-formed both as XML and as HTML. Numbers are written with the
/// invariant culture and at most two decimals, so the same input gives the same text everywhere.</summary>
internal sealed class MarkupWriter
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();
    private bool _tagOpen;

    /// <summary>Begins an element; attributes may follow until the first content.</summary>
    public MarkupWriter Start(string name)
    {
        CloseTag();
        _text.Append('<').Append(name);
        _open.Push(name);
        _tagOpen = true;
        return this;
    }

    /// <summary>Begins an element with a class.</summary>
    public MarkupWriter Start(string name, string className) => Start(name).Attribute("class", className);

    /// <summary>Adds an attribute to the element just begun.</summary>
    public MarkupWriter Attribute(string name, string value)
    {
        if (!_tagOpen)
        {
            throw new InvalidOperationException($"Attribute '{name}' must be written before the content of its element.");
        }

        _text.Append(' ').Append(name).Append("=\"");
        AppendEscaped(value);
        _text.Append('"');
        return this;
    }

    /// <summary>Adds a numeric attribute to the element just begun.</summary>
    public MarkupWriter Attribute(string name, double value) => Attribute(name, Number(value));

    /// <summary>Adds the attributes of a rectangle to the element just begun.</summary>
    public MarkupWriter Box(double x, double y, double width, double height) =>
        Attribute("x", x).Attribute("y", y).Attribute("width", width).Attribute("height", height);

    public MarkupWriter Text(string value)
    {
        CloseTag();
        AppendEscaped(value);
        return this;
    }

    /// <summary>Writes text that is markup already.</summary>
    public MarkupWriter Raw(string markup)
    {
        CloseTag();
        _text.Append(markup);
        return this;
    }

    /// <summary>Writes a line break where white space has no meaning, so that the source can be read and compared.</summary>
    public MarkupWriter Line()
    {
        CloseTag();
        _text.Append('\n');
        return this;
    }

    /// <summary>Ends the innermost element. Empty elements get an end tag too, except those that HTML forbids one for.</summary>
    public MarkupWriter End()
    {
        string name = _open.Pop();
        if (_tagOpen && name is "meta" or "br" or "hr" or "input" or "path" or "line" or "circle" or "rect" or "use" or "polyline")
        {
            _text.Append("/>");
            _tagOpen = false;
            return this;
        }

        CloseTag();
        _text.Append("</").Append(name).Append('>');
        return this;
    }

    /// <summary>Writes a whole element with text content.</summary>
    public MarkupWriter Element(string name, string className, string text) => Start(name, className).Text(text).End();

    /// <summary>A number as attributes and path data have it: two decimals at most, no exponent, no negative zero.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), "Coordinates must be finite; skip such values before drawing.");
        }

        string text = value.ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>What has been written; every element must have been ended.</summary>
    public override string ToString() => _open.Count == 0
        ? _text.ToString()
        : throw new InvalidOperationException($"Element '{_open.Peek()}' was not ended.");

    private void CloseTag()
    {
        if (_tagOpen)
        {
            _text.Append('>');
            _tagOpen = false;
        }
    }

    private void AppendEscaped(string value)
    {
        foreach (char c in value)
        {
            switch (c)
            {
                case '&': _text.Append("&amp;"); break;
                case '<': _text.Append("&lt;"); break;
                case '>': _text.Append("&gt;"); break;
                case '"': _text.Append("&quot;"); break;
                case '\t' or '\n' or '\r': _text.Append(c); break;
                case < ' ' or '\uFFFE' or '\uFFFF': _text.Append('\uFFFD'); break; // not allowed in XML at all
                default: _text.Append(c); break;
            }
        }
    }
}
