using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Sagitta.Core.Files;

/// <summary>
/// The text of a gzip file of one or more members, read once from front to back. Checksum and length of each member are compared with its
/// trailer, and nothing may follow the last one: the base library takes a file that was cut off for a short one.
/// </summary>
/// <param name="source">The file, which is closed with this stream.</param>
/// <param name="name">What to call it in messages.</param>
internal sealed class CheckedGzipStream(Stream source, string name) : ForwardStream
{
    private const int PieceBytes = 8192;
    private const int TrailerBytes = 8;
    private const int HeadBytes = 10;
    private readonly Crc32 _checksum = new();
    private readonly byte[] _block = new byte[1 << 16];
    private int _at;
    private int _end;
    private int _piece;
    private uint _length;
    private bool _any;
    private DeflateStream? _member;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            while (!buffer.IsEmpty && (_member is not null || Begin()))
            {
                int count = _member!.Read(buffer);
                if (count > 0)
                {
                    _checksum.Append(buffer[..count]);
                    _length += (uint)count;
                    return count;
                }

                EndMember();
            }

            return 0;
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException)
        {
            throw new BadInputException($"'{name}'", $"the file can't be read to its end ({problem.Message})",
                "it is cut off, damaged or no gzip file: write or copy it again", problem);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Begins the next member; false at the end of the file.</summary>
    private bool Begin()
    {
        if (_any && !Has(1))
        {
            return false;
        }

        if (!Has(HeadBytes) || !_block.AsSpan(_at).StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]))
        {
            throw new InvalidDataException(_any ? "bytes that are no gzip data follow its end" : "it does not begin as gzip data do");
        }

        int flags = _block[_at + 3];
        _at += HeadBytes;
        if ((flags & 4) != 0)
        {
            Skip(BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
        }

        for (int texts = ((flags >> 3) & 1) + ((flags >> 4) & 1); texts > 0; texts--)
        {
            while (Take(1)[0] != 0)
            {
            }
        }

        Skip(flags & 2);
        _checksum.Reset();
        _length = 0;
        _any = true;
        _member = new(new Pieces(this), CompressionMode.Decompress);
        return true;
    }

    // The base library reads ahead and does not tell how far: the trailer begins somewhere in the last piece that it took.
    private void EndMember()
    {
        _member!.Dispose();
        _member = null;
        _at = _piece;
        Has(PieceBytes + TrailerBytes + 1);
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _checksum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _length);
        ReadOnlySpan<byte> rest = _block.AsSpan(_at, Math.Min(PieceBytes + TrailerBytes, _end - _at));
        int place = rest.IndexOf(trailer);
        if (place < 0)
        {
            throw new InvalidDataException("the checksum at the end is missing or does not fit");
        }

        // Data that end as their trailer begins (with zeros, of an empty text) let it seem to begin too early: another member follows it,
        // or nothing.
        for (int next = place; next >= 0; next = rest[(place + 1)..].IndexOf(trailer) is >= 0 and int step ? place + 1 + step : -1)
        {
            place = next;
            if (_at + place + TrailerBytes == _end || _block[_at + place + TrailerBytes] == 0x1f)
            {
                break;
            }
        }

        _at += place + TrailerBytes;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        _at += Has(count) ? count : throw new InvalidDataException("it ends inside its head");
        return _block.AsSpan(_at - count, count);
    }

    private void Skip(int count)
    {
        for (; count > 0; count--)
        {
            Take(1);
        }
    }

    /// <summary>Whether so many bytes are left; if so, they lie in the block.</summary>
    private bool Has(int count)
    {
        if (_end - _at < count)
        {
            _block.AsSpan(_at.._end).CopyTo(_block);
            (_at, _end, _piece) = (0, _end - _at, 0);
            _end += source.ReadAtLeast(_block.AsSpan(_end), count - _end, throwOnEndOfStream: false);
        }

        return _end - _at >= count;
    }

    /// <summary>What the decoder reads: small pieces of the block, the last of which is still in it when a member ends.</summary>
    private sealed class Pieces(CheckedGzipStream owner) : ForwardStream
    {
        public override int Read(Span<byte> buffer)
        {
            if (buffer.IsEmpty || !owner.Has(1))
            {
                return 0;
            }

            int count = Math.Min(Math.Min(buffer.Length, PieceBytes), owner._end - owner._at);
            owner._block.AsSpan(owner._at, count).CopyTo(buffer);
            owner._piece = owner._at;
            owner._at += count;
            return count;
        }
    }
}
