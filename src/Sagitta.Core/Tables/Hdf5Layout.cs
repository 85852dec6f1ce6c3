using System.Buffers.Binary;
using System.Numerics;

namespace Sagitta.Core.Tables;

/// <summary>
/// Checks of an HDF5 file what the package takes on trust: where the file ends, the checksums of its heads, and links to other names, which
/// may lead to themselves (HDF5 File Format Specification 3.0: "Superblock", "Version 2 Data Object Header Prefix", "Link Message",
/// "Group Symbol Table Nodes"). Heads and nodes are found by their signatures.
/// </summary>
internal static class Hdf5Layout
{
    private const int SuperblockBytes = 52;
    private const int SuperblockLength = 44;
    private const int SignatureBytes = 6;
    private const int PieceBytes = 1 << 20;
    private const int ChecksumBytes = sizeof(uint);
    private const int LongestPrefix = 34;
    private const int LargestHead = 1 << 28;
    private const int LinkMessage = 6;
    private const int EntryBytes = 40;
    private const int MostEntries = 1024;
    private const int SoftLink = 2;

    /// <summary>Checks a seekable stream and goes back to its start.</summary>
    /// <exception cref="BadInputException">The file is cut off or damaged, or it has links to other names.</exception>
    public static void Check(Stream file, string name)
    {
        byte[] first = Bytes(file, 0, SuperblockBytes);
        int version = first[8];
        int at = version switch { 0 => 40, 1 => 44, _ => 28 };
        if (first[version < 2 ? 13 : 9] == sizeof(long) && BinaryPrimitives.ReadInt64LittleEndian(first.AsSpan(at)) > file.Length)
        {
            throw new BadInputException($"'{name}'", "the file is cut off", "write or copy it again");
        }

        if (version >= 2 && first[9] == sizeof(long) && BinaryPrimitives.ReadUInt32LittleEndian(first.AsSpan(SuperblockLength))
            != Checksum(first.AsSpan(..SuperblockLength)))
        {
            throw Damaged(name);
        }

        byte[] piece = new byte[PieceBytes];
        for (long begin = 0; begin < file.Length; begin += PieceBytes - SignatureBytes)
        {
            file.Position = begin;
            Span<byte> read = piece.AsSpan(0, file.ReadAtLeast(piece, PieceBytes, throwOnEndOfStream: false));
            for (int i = 0; read[i..].IndexOf("OHDR\u0002"u8) is >= 0 and var next; i += next + 1)
            {
                CheckHead(file, begin + i + next, name);
            }

            for (int i = 0; read[i..].IndexOf("SNOD\u0001\0"u8) is >= 0 and var next; i += next + 1)
            {
                CheckNode(file, begin + i + next, name);
            }
        }

        file.Position = 0;
    }

    /// <summary>Length of the prefix and of the messages of a head that begins so; -1 where it does not fit what is left of the file: it is
    /// none.</summary>
    internal static (int Prefix, int Messages) Lengths(ReadOnlySpan<byte> start, long left)
    {
        byte flags = start[5];
        int prefix = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0), size = 1 << (flags & 3);
        Span<byte> messages = stackalloc byte[sizeof(long)];
        messages.Clear();
        start.Slice(prefix, size).CopyTo(messages);
        long length = BinaryPrimitives.ReadInt64LittleEndian(messages);
        prefix += size;
        return (flags & 0xC0) == 0 && length >= 0 && length <= Math.Min(left - prefix - ChecksumBytes, LargestHead) ? (prefix, (int)length)
            : (prefix, -1);
    }

    private static void CheckHead(Stream file, long at, string name)
    {
        byte[] start = Bytes(file, at, LongestPrefix);
        (int prefix, int messages) = Lengths(start, file.Length - at);
        if (messages < 0)
        {
            return;
        }

        byte[] head = Bytes(file, at, prefix + messages + ChecksumBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(^ChecksumBytes)) != Checksum(head.AsSpan(..^ChecksumBytes)))
        {
            throw Damaged(name);
        }

        int border = (start[5] & 4) != 0 ? 6 : 4;
        for (int i = prefix; i + border + 2 < head.Length - ChecksumBytes;)
        {
            // A link tells its kind where it is none to a place of this file.
            if (head[i] == LinkMessage && (head[i + border + 1] & 8) != 0 && head[i + border + 2] != 0)
            {
                throw Linked(name);
            }

            i += border + BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(i + 1));
        }
    }

    private static void CheckNode(Stream file, long at, string name)
    {
        // A file of nothing but nodes that claim to be long would be read over and over.
        int count = BinaryPrimitives.ReadUInt16LittleEndian(Bytes(file, at + SignatureBytes, sizeof(ushort)));
        if (count > MostEntries)
        {
            throw Damaged(name);
        }

        byte[] entries = Bytes(file, at + SignatureBytes + sizeof(ushort), count * EntryBytes);
        for (int i = 0; i < entries.Length; i += EntryBytes)
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(entries.AsSpan(i + (2 * sizeof(long)))) == SoftLink)
            {
                throw Linked(name);
            }
        }
    }

    // What lies beyond the end is zero.
    private static byte[] Bytes(Stream file, long at, int count)
    {
        byte[] bytes = new byte[count];
        file.Position = at;
        _ = file.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        return bytes;
    }

    private static BadInputException Damaged(string name) => new($"'{name}'", "this HDF5 file is damaged", "write or copy it again");

    private static BadInputException Linked(string name) => new($"'{name}'", "it has links to other names or files, which are not followed",
        "write the columns themselves");

    // The hash lookup3 of Bob Jenkins (2006, public domain), which the format takes as its checksum.
    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint a = 0xDEADBEEF + (uint)bytes.Length, b = a, c = a;
        Span<byte> last = stackalloc byte[12];
        for (; bytes.Length > 12; bytes = bytes[12..])
        {
            Add(bytes);
            (a, c) = ((a - c) ^ BitOperations.RotateLeft(c, 4), c + b);
            (b, a) = ((b - a) ^ BitOperations.RotateLeft(a, 6), a + c);
            (c, b) = ((c - b) ^ BitOperations.RotateLeft(b, 8), b + a);
            (a, c) = ((a - c) ^ BitOperations.RotateLeft(c, 16), c + b);
            (b, a) = ((b - a) ^ BitOperations.RotateLeft(a, 19), a + c);
            (c, b) = ((c - b) ^ BitOperations.RotateLeft(b, 4), b + a);
        }

        bytes.CopyTo(last);
        Add(last);
        c = (c ^ b) - BitOperations.RotateLeft(b, 14);
        a = (a ^ c) - BitOperations.RotateLeft(c, 11);
        b = (b ^ a) - BitOperations.RotateLeft(a, 25);
        c = (c ^ b) - BitOperations.RotateLeft(b, 16);
        a = (a ^ c) - BitOperations.RotateLeft(c, 4);
        b = (b ^ a) - BitOperations.RotateLeft(a, 14);
        return (c ^ b) - BitOperations.RotateLeft(b, 24);

        void Add(ReadOnlySpan<byte> twelve)
        {
            a += BinaryPrimitives.ReadUInt32LittleEndian(twelve);
            b += BinaryPrimitives.ReadUInt32LittleEndian(twelve[4..]);
            c += BinaryPrimitives.ReadUInt32LittleEndian(twelve[8..]);
        }
    }
}
