using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Sagitta.Core.Tables;

/// <summary>
/// The text of a CSV file, unzipped where it is gzip. Its first bytes can be looked at before they are read. At the end, checksum and
/// length of gzip data are compared with what the file states: the base library takes a file that was cut off for a short one.
/// </summary>
internal sealed class CsvStream : Stream
{
    private readonly string _name;
    private readonly Stream _file;
    private readonly Stream _text;
    private readonly bool _zipped;
    private readonly Crc32 _checksum = new();
    private readonly byte[] _head = new byte[1 << 16];
    private readonly int _headLength;
    private int _headRead;
    private long _length;
    private bool _ended;

    /// <summary>Begins to read a seekable stream at its start and closes it in the end.</summary>
    public CsvStream(Stream file, string name, bool zipped)
    {
        _name = name;
        _file = file;
        _zipped = zipped;
        _text = zipped ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
        while (_headLength < _head.Length && !_ended)
        {
            _headLength += Decode(_head.AsSpan(_headLength));
        }
    }

    /// <summary>The first bytes of the text.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headLength);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_headRead == _headLength)
        {
            return _ended ? 0 : Decode(buffer);
        }

        int count = Math.Min(buffer.Length, _headLength - _headRead);
        _head.AsSpan(_headRead, count).CopyTo(buffer);
        _headRead += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _text.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Decode(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        int count;
        try
        {
            count = _text.Read(buffer);
            if (_zipped)
            {
                _checksum.Append(buffer[..count]);
                _length += count;
                if (count == 0 && !IsWhole())
                {
                    throw new InvalidDataException("the end of the gzip data is missing");
                }
            }
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException)
        {
            throw new BadInputException($"'{_name}'", $"the file can't be read to its end ({problem.Message})",
                _zipped ? "it is cut off, damaged or no gzip file: write or copy it again" : "write or copy it again", problem);
        }

        _ended = count == 0;
        return count;
    }

    /// <summary>Whether the file ends with the checksum and length of its last member. Where it has several, the last one is looked
    /// for.</summary>
    private bool IsWhole()
    {
        Span<byte> trailer = stackalloc byte[8];
        if (_file.Length < 18)
        {
            return false;
        }

        _file.Seek(-8, SeekOrigin.End);
        _file.ReadExactly(trailer);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        return (checksum == _checksum.GetCurrentHashAsUInt32() && length == (uint)_length) || LastMemberIsWhole(checksum, length);
    }

    private bool LastMemberIsWhole(uint checksum, uint length)
    {
        byte[] bytes = new byte[_file.Length];
        _file.Position = 0;
        _file.ReadExactly(bytes);
        for (int end = bytes.Length; bytes.AsSpan(1, end - 1)
            .LastIndexOf((ReadOnlySpan<byte>)[0x1f, 0x8b, 0x08]) is >= 0 and int place; end = place + 1)
        {
            using GZipStream member = new(new MemoryStream(bytes, place + 1, bytes.Length - place - 1), CompressionMode.Decompress);
            Crc32 own = new();
            using MemoryStream text = new();
            try
            {
                member.CopyTo(text);
            }
            catch (InvalidDataException)
            {
                // These bytes are no beginning of a member.
                continue;
            }

            own.Append(text.GetBuffer().AsSpan(0, (int)text.Length));
            if (own.GetCurrentHashAsUInt32() == checksum && (uint)text.Length == length)
            {
                return true;
            }
        }

        return false;
    }
}
