using System.Text;

namespace Sagitta.Core.Files;

/// <summary>
/// Reads the literals of Python that heads of .npy arrays are made of: dictionaries with text keys, tuples and lists (both as
/// lists), texts, whole numbers, True, False and None. Anything else is a <see cref="FormatException"/>.
/// </summary>
internal sealed class PythonLiteral(string text)
{
    private const int DeepestNesting = 16;
    private int _at;
    private int _depth;

    /// <summary>The whole text as one value.</summary>
    public object? Read()
    {
        object? value = Value();
        SkipSpace();
        return _at == text.Length ? value : throw Unexpected();
    }

    private object? Value()
    {
        SkipSpace();
        char first = Peek();
        if (first is '{' or '(' or '[' && ++_depth > DeepestNesting)
        {
            throw new FormatException("too deeply nested");
        }

        object? value = first switch
        {
            '{' => Entries(),
            '(' => Items(')'),
            '[' => Items(']'),
            '\'' or '"' => Text(),
            _ when char.IsAsciiDigit(first) => Number(),
            _ => Word(),
        };
        if (first is '{' or '(' or '[')
        {
            _depth--;
        }

        return value;
    }

    private Dictionary<string, object?> Entries()
    {
        Dictionary<string, object?> entries = new(StringComparer.Ordinal);
        for (_at++; !Closes('}'); Separator('}'))
        {
            SkipSpace();
            string key = Peek() is '\'' or '"' ? Text() : throw Unexpected();
            SkipSpace();
            if (Peek() != ':')
            {
                throw Unexpected();
            }

            _at++;
            if (!entries.TryAdd(key, Value()))
            {
                throw new FormatException($"'{key}' is given twice");
            }
        }

        return entries;
    }

    private List<object?> Items(char end)
    {
        List<object?> items = [];
        for (_at++; !Closes(end); Separator(end))
        {
            items.Add(Value());
        }

        return items;
    }

    private string Text()
    {
        char quote = text[_at++];
        StringBuilder result = new();
        while (Peek() != quote)
        {
            if (text[_at] == '\\')
            {
                _at++;
            }

            result.Append(Peek());
            _at++;
        }

        _at++;
        return result.ToString();
    }

    private long Number()
    {
        int start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }

        if (!NumberText.TryRead(text.AsSpan(start, _at - start), out long number))
        {
            throw new FormatException($"{text[start.._at]} is too large");
        }

        // Old versions of NumPy wrote long integers as 10L.
        if (_at < text.Length && text[_at] == 'L')
        {
            _at++;
        }

        return number;
    }

    private object? Word()
    {
        foreach ((string word, object? value) in new (string, object?)[] { ("True", true), ("False", false), ("None", null) })
        {
            if (text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal))
            {
                _at += word.Length;
                return value;
            }
        }

        throw Unexpected();
    }

    private bool Closes(char end)
    {
        SkipSpace();
        if (Peek() != end)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Separator(char end)
    {
        SkipSpace();
        if (Peek() == ',')
        {
            _at++;
        }
        else if (Peek() != end)
        {
            throw Unexpected();
        }
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private char Peek() => _at < text.Length ? text[_at] : throw new FormatException("it ends too early");

    private FormatException Unexpected() => new($"unexpected '{text[_at]}' at {_at}");
}
