using System.IO.Compression;
using System.IO.Hashing;

namespace Sagitta.Core.Files;

/// <summary>
/// The bytes of one entry of an archive, read once from front to back. A cut-off, undecodable or altered entry (its checksum
/// is compared at the end) is bad input.
/// </summary>
internal sealed class NpzEntryStream(ZipArchiveEntry entry, string where) : ForwardStream
{
    private readonly Stream _source = Open(entry, where);
    private readonly Crc32 _checksum = new();
    private long _position;

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
            read = _source.Read(buffer);
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

    /// <summary>Checks that nothing follows and that all bytes are those that were written.</summary>
    public void Finish()
    {
        Span<byte> rest = stackalloc byte[1];
        if (Read(rest) != 0 || _checksum.GetCurrentHashAsUInt32() != entry.Crc32)
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

    private BadInputException Damaged(Exception? problem = null) =>
        new(where, "the entry is cut off or altered", "the file is damaged: write or copy it again", problem);
}
