namespace Sagitta.Core.Tables;

/// <summary>The lines of a text of any length, with their ends, in little memory.</summary>
/// <param name="stream">The text; it stays open.</param>
internal sealed class CsvLines(Stream stream) : IDisposable
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _length;
    private int _end;

    /// <summary>Number of the current line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The current line.</summary>
    public ReadOnlySpan<byte> Current => _buffer.AsSpan(_start, _length);

    /// <summary>Goes to the next line; false at the end.</summary>
    public bool Next()
    {
        _start += _length;
        _length = 0;
        for (int seen = 0; ;)
        {
            int found = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n');
            if (found >= 0)
            {
                _length = seen + found + 1;
                break;
            }

            seen = _end - _start;
            if (!Fill())
            {
                _length = seen;
                break;
            }
        }

        Number += _length > 0 ? 1 : 0;
        return _length > 0;
    }

    /// <summary>The whole text from its beginning; only while the first line is the current one.</summary>
    public Stream Again()
    {
        MemoryStream whole = new();
        whole.Write(_buffer.AsSpan(0, _end));
        stream.CopyTo(whole);
        whole.Position = 0;
        return whole;
    }

    /// <inheritdoc />
    public void Dispose() => _buffer = [];

    private bool Fill()
    {
        // The first line keeps what stands before it, so that a text of another kind can be read again.
        if (_start > 0 && Number > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, checked(2 * _buffer.Length));
        }

        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
