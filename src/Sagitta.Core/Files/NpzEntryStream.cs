using System.IO.Compression;
using System.IO.Hashing;

namespace Sagitta.Core.Files;

/// <summary>
/// The bytes of one entry of an archive, read once from front to back. A cut-off, undecodable or altered entry (its checksum
/// is compared at the end, unless bytes were passed over) is bad input.
/// </summary>
internal sealed class NpzEntryStream(ZipArchiveEntry entry, Stream archive, string where) : ForwardStream
{
    private const int BlockBytes = 1 << 16;
    private readonly Stream _source = Open(entry, where);
    private readonly Crc32 _checksum = new();
    private long _position;

    // Where the entry begins in the archive, if it is stored; whether bytes were passed over.
    private long _start = -1;
    private bool _leaps;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            if (_leaps)
            {
                archive.Position = _start + _position;
                read = archive.Read(buffer[..(int)Math.Min(buffer.Length, entry.Length - _position)]);
            }
            else
            {
                read = _source.Read(buffer);
                _start = _position == 0 ? archive.Position - read : _start;
            }
        }
        catch (Exception problem) when (problem is InvalidDataException or EndOfStreamException or IOException)
        {
            throw Damaged(problem);
        }

        _checksum.Append(buffer[..read]);
        _position += read;
        return read;
    }

    /// <summary>Fills the buffer.</summary>
    public void Fill(Span<byte> buffer)
    {
        if (this.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
        {
            throw Damaged();
        }
    }

    /// <summary>Leaves out bytes: passes over them where the entry is not compressed, or reads them for the checksum.</summary>
    public void Skip(long count, bool read)
    {
        if (!read && count > 0 && (_leaps = _leaps || IsStored()))
        {
            _position += count;
            return;
        }

        byte[] block = new byte[Math.Min(count, BlockBytes)];
        for (long left = count; left > 0; left -= block.Length)
        {
            Fill(block.AsSpan(0, (int)Math.Min(left, block.Length)));
        }
    }

    /// <summary>Checks that nothing follows and that all bytes are those that were written.</summary>
    public void Finish()
    {
        Span<byte> rest = stackalloc byte[1];
        if (Read(rest) != 0 || (!_leaps && _checksum.GetCurrentHashAsUInt32() != entry.Crc32))
        {
            throw Damaged();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Stream Open(ZipArchiveEntry entry, string where)
    {
        try
        {
            return entry.Open();
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or NotSupportedException)
        {
            throw new BadInputException(where, "the entry can't be opened", "the file is damaged: write or copy it again", problem);
        }
    }

    // A stored entry stands in the archive as it is: with the bytes that begin an array.
    private bool IsStored()
    {
        Span<byte> first = stackalloc byte[NpyHeader.Magic.Length];
        if (entry.CompressedLength != entry.Length || _start < 0)
        {
            return false;
        }

        archive.Position = _start;
        return archive.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length && first.SequenceEqual(NpyHeader.Magic);
    }

    private BadInputException Damaged(Exception? problem = null) =>
        new(where, "the entry is cut off or altered", "the file is damaged: write or copy it again", problem);
}
