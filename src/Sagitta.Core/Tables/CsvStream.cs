namespace Sagitta.Core.Tables;

/// <summary>The text of a CSV file, unzipped where it is gzip. Its first bytes can be looked at before they are read.</summary>
internal sealed class CsvStream : ForwardStream
{
    private readonly string _name;
    private readonly Stream _text;
    private readonly byte[] _head = new byte[1 << 16];
    private readonly int _headLength;
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
    }

    /// <summary>The first bytes of the text.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headLength);

    /// <summary>Whether what was read ends with a line, or is empty.</summary>
    public bool EndsWithLine => _last is (byte)'\n' or (byte)'\r' or 0;

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
