namespace Sagitta.Core.Tables;

/// <summary>The lines of a text of any length, plain or gzip, with their ends, in little memory. A line end in quotes ends no
/// line.</summary>
/// <param name="stream">The text; it stays open.</param>
/// <param name="name">What to call it in messages.</param>
internal sealed class CsvLines(Stream stream, string name) : IDisposable
{
    private const int LongestLine = 1 << 20;
    private const int MostBytesAtOnce = 1 << 30;
    private Stream _text = stream;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _length;
    private int _end;
    private bool _begun;

    /// <summary>Number of the current line, or of the first of those that a field in quotes joins, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Number of the line after the current one.</summary>
    public long NextNumber { get; private set; } = 1;

    /// <summary>The current line.</summary>
    public ReadOnlySpan<byte> Current => _buffer.AsSpan(_start, _length);

    /// <summary>Goes to the next line; false at the end.</summary>
    public bool Next()
    {
        _start += _length;
        _length = 0;
        long ends = 0;
        bool quoted = false;
        for (int seen = 0; _length == 0;)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start + seen, _end - _start - seen);
            int found = rest.IndexOf((byte)'\n') + 1;
            ReadOnlySpan<byte> part = rest[..(found > 0 ? found : rest.Length)];
            quoted ^= int.IsOddInteger(part.Count((byte)'"'));
            seen += part.Length;
            ends += found > 0 ? 1 : 0;
            if (found > 0 && !quoted)
            {
                _length = seen;
            }
            else if (quoted && seen > LongestLine)
            {
                throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"{name}, line {NextNumber}"),
                    "a quote is left open", "close it");
            }
            else if (found == 0 && !Fill())
            {
                (_length, ends) = (seen, ends + 1);
                break;
            }
        }

        (Number, NextNumber) = _length > 0 ? (NextNumber, NextNumber + ends) : (Number, NextNumber);
        return _length > 0;
    }

    /// <summary>The whole text from its beginning; only while the first line is the current one.</summary>
    /// <exception cref="BadInputException">It is too long for that.</exception>
    public byte[] Again()
    {
        MemoryStream whole = new();
        for (int count = _end; count > 0; count = _text.Read(_buffer))
        {
            if (whole.Length + count > MostBytesAtOnce)
            {
                throw new BadInputException(
                    $"'{name}'", $"over {MostBytesAtOnce} bytes that are no CSV in order of events came through the "
                    + "pipe", "give it as a file");
            }

            whole.Write(_buffer.AsSpan(0, count));
        }

        return whole.ToArray();
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

        int read = _text.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        if (read > 0 && !_begun && _end > 1)
        {
            _begun = true;
            if (_buffer is [0x1F, 0x8B, ..])
            {
                _text = new CheckedGzipStream(new Begun(_buffer.AsMemory(0, _end).ToArray(), _text), name);
                _end = 0;
                return Fill();
            }
        }

        return read > 0;
    }

    // A stream of which some was read already.
    private sealed class Begun(ReadOnlyMemory<byte> head, Stream rest) : ForwardStream
    {
        private ReadOnlyMemory<byte> _head = head;

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(buffer.Length, _head.Length);
            _head.Span[..count].CopyTo(buffer);
            _head = _head[count..];
            return count > 0 ? count : rest.Read(buffer);
        }
    }
}
