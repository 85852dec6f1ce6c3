namespace Sagitta.Core.Tables;

/// <summary>The text of a CSV file, unzipped where it is gzip. Its first bytes can be looked at before they are read.</summary>
internal sealed class CsvStream : ForwardStream
{
    private readonly string _name;
    private readonly Stream _text;
    private readonly byte[] _head = new byte[1 << 16];
    private int _headLength;
    private int _headRead;
    private byte _last = (byte)'\n';

    /// <summary>Begins to read a stream at its start and closes it in the end.</summary>
    public CsvStream(Stream file, string name, bool zipped)
    {
        _name = name;
        _text = zipped ? new CheckedGzipStream(file, name) : file;
        for (int count = 1; count > 0 && _headLength < _head.Length; _headLength += count)
        {
            count = Decode(_head.AsSpan(_headLength));
        }

        IsPlain = ArePlain(Head);
    }

    /// <summary>The first bytes of the text.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headLength);

    /// <summary>Whether what was read ends with a line, or is empty.</summary>
    public bool EndsWithLine => _last is (byte)'\n' or (byte)'\r' or 0;

    /// <summary>Whether what was read so far is of the plainest kind, in which each line is a row: without quotes, carriage returns and
    /// zero bytes, and with no line longer than the head.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>Reads the next line, without its end; false at the end of the text, or where it is not plain.</summary>
    public bool TryLine(out ReadOnlySpan<byte> line)
    {
        line = [];
        int length = _head.AsSpan(_headRead.._headLength).IndexOf((byte)'\n');
        while (length < 0)
        {
            _head.AsSpan(_headRead.._headLength).CopyTo(_head);
            (_headRead, _headLength) = (0, _headLength - _headRead);
            Span<byte> free = _head.AsSpan(_headLength);
            int read = free.IsEmpty ? 0 : Decode(free), found = free[..read].IndexOf((byte)'\n');
            IsPlain &= !free.IsEmpty && ArePlain(free[..read]);
            if (!IsPlain || (read == 0 && _headLength == 0))
            {
                return false;
            }

            length = found >= 0 ? _headLength + found : read == 0 ? _headLength : -1;
            _headLength += read;
        }

        line = _head.AsSpan(_headRead, length);
        _headRead = Math.Min(_headRead + length + 1, _headLength);
        return IsPlain;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_headRead == _headLength)
        {
            return Decode(buffer);
        }

        int count = Math.Min(buffer.Length, _headLength - _headRead);
        _head.AsSpan(_headRead, count).CopyTo(buffer);
        _headRead += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _text.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool ArePlain(ReadOnlySpan<byte> text) => text.IndexOfAny((byte)'"', (byte)'\r', (byte)0) < 0;

    private int Decode(Span<byte> buffer)
    {
        try
        {
            int count = _text.Read(buffer);
            _last = count > 0 ? buffer[count - 1] : _last;
            return count;
        }
        catch (IOException problem)
        {
            throw new BadInputException($"'{_name}'", $"the file can't be read to its end ({problem.Message})", "write or copy it again",
                problem);
        }
    }
}
