using System.Buffers.Binary;
using System.Numerics;

namespace Sagitta.Core.Tables;

/// <summary>
/// Checks the parts of an HDF5 file when the package comes to them, by what it takes on trust: where the file ends, the checksums of
/// its heads, lengths for which it asks for memory before it reads, and what may lead to itself: links to other names and heads that go on
/// elsewhere (HDF5 File Format Specification 3.0: "Superblock", "Data Object Headers", "Group Symbol Table Nodes", "Global Heap",
/// "Version 1 B-trees", "The Fixed Array Index"). New heads, nodes, heaps and arrays are known by the signature that the package reads
/// first; a file also has such of what was deleted, which nobody reads. Old heads are found by the nodes and links that lead to them, trees
/// of chunks by their data set. Not checked are other indices of chunks, and lists of links in a heap.
/// </summary>
internal sealed class Hdf5Layout
{
    private const int SuperblockBytes = 76;
    private const int NewSuperblockLength = 44;
    private const int NodeHead = 8;
    private const int ChecksumBytes = sizeof(uint);
    private const int LongestPrefix = 34;
    private const int OldPrefix = 16;
    private const int Continuation = 16;
    private const int LargestHead = 1 << 28;
    private const int MostBlocks = 256;
    private const int EntryBytes = 40;
    private const int MostEntries = 1024;
    private const int SoftLink = 2;
    private const int HeapHead = 16;
    private const int TreeHead = 24;
    private const int ArrayHead = 28;
    private const int ArrayBlockHead = 14;
    private readonly Stream _file;
    private readonly string _name;
    private readonly HashSet<long> _met = [];
    private readonly Stack<long> _waiting = [];
    private readonly Stack<(long At, int Axes)> _trees = [];

    // Heads and heaps do not overlap, so that together they are no longer than the file. Else one could be read over and over.
    private long _left;

    /// <summary>Checks the beginning of a seekable stream.</summary>
    /// <exception cref="BadInputException">The file is cut off or damaged; reading says so too, and where it has links to other
    /// names.</exception>
    public Hdf5Layout(Stream file, string name)
    {
        (_file, _name, _left) = (file, name, file.Length);
        Check();
        file.Position = 0;
    }

    /// <summary>Checks the part whose signature was read at this place, once; the place behind it stays that of the stream.</summary>
    public void CheckRead(long at, ReadOnlySpan<byte> read)
    {
        // The package reads the first letter of a head's signature by itself, which may be the number of an old one.
        (Action<long>? check, long part) = read.SequenceEqual("HDR"u8) ? (CheckNewHead, at - 1) : (read.SequenceEqual("SNOD"u8) ? CheckNode
            : read.SequenceEqual("GCOL"u8) ? CheckHeap : read.SequenceEqual("FAHD"u8) ? CheckArray : (Action<long>?)null, at);
        if (check is not null && _met.Add(part))
        {
            check(part);
            CheckWaiting();
            _file.Position = at + read.Length;
        }
    }

    private void Check()
    {
        byte[] first = Bytes(0, SuperblockBytes);
        int version = first[8];
        (int sizes, int origin, int end, int root) = version switch { 0 => (13, 24, 40, 64), 1 => (13, 28, 44, 68), _ => (9, 12, 28, 36) };
        if (first.AsSpan(sizes, 2) is not [sizeof(long), sizeof(long)])
        {
            throw new BadInputException($"'{_name}'", "its addresses and lengths do not have 8 bytes, or the file is damaged",
                "write it with addresses and lengths of 8 bytes, as HDF5 does by itself");
        }

        if (BinaryPrimitives.ReadInt64LittleEndian(first.AsSpan(end)) > _file.Length)
        {
            throw new BadInputException($"'{_name}'", "the file is cut off", "write or copy it again");
        }

        Demand(BinaryPrimitives.ReadInt64LittleEndian(first.AsSpan(origin)) == 0);
        Demand(version < 2 || BinaryPrimitives.ReadUInt32LittleEndian(first.AsSpan(NewSuperblockLength))
            == Checksum(first.AsSpan(..NewSuperblockLength)));
        Meet(BinaryPrimitives.ReadInt64LittleEndian(first.AsSpan(root)));
        CheckWaiting();
    }

    private void CheckWaiting()
    {
        while (_waiting.TryPop(out long at))
        {
            if (Bytes(at, OldPrefix) is [1, ..] start)
            {
                CheckMessages(at + OldPrefix, BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8)), 0, 8, 0);
            }
        }

        while (_trees.TryPop(out (long At, int Axes) tree))
        {
            CheckTree(tree.At, tree.Axes);
        }
    }

    /// <summary>Length of the prefix and of the messages of a new head that begins so; -1 where it does not fit what is left of the
    /// file: it is none.</summary>
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

    private void CheckNewHead(long at)
    {
        byte[] start = Bytes(at, LongestPrefix);
        (int prefix, int messages) = Lengths(start, _file.Length - at);
        if (messages >= 0 && start[4] == 2)
        {
            CheckMessages(at, prefix + messages + ChecksumBytes, prefix, (start[5] & 4) != 0 ? 6 : 4, 0);
        }
    }

    // Where an old head may be; a new one is met when it is read.
    private void Meet(long head)
    {
        if (head >= 0 && head < _file.Length && Bytes(head, 1)[0] == 1 && _met.Add(head))
        {
            _waiting.Push(head);
        }
    }

    // A block of messages after a prefix, old ones with a border of 8 bytes, new ones with a shorter one and a checksum at their end. It is
    // the one after so many others.
    private void CheckMessages(long at, long length, int prefix, int border, int before)
    {
        bool isOld = border == 8;
        Demand(before < MostBlocks && length >= prefix + (isOld ? 0 : ChecksumBytes));
        ReadOnlySpan<byte> left = (isOld ? Taken(at, length) : Sealed(at, length)[..^ChecksumBytes]).AsSpan(prefix);
        while (left.Length >= border)
        {
            int kind = isOld ? BinaryPrimitives.ReadUInt16LittleEndian(left) : left[0];
            int size = BinaryPrimitives.ReadUInt16LittleEndian(left[(isOld ? 2 : 1)..]);
            Demand(border + size <= left.Length);
            ReadOnlySpan<byte> message = left.Slice(border, size);
            if (kind == Continuation && size >= 2 * sizeof(long))
            {
                CheckMessages(BinaryPrimitives.ReadInt64LittleEndian(message),
                    BinaryPrimitives.ReadInt64LittleEndian(message[sizeof(long)..]), isOld ? 0 : 4, border, before + 1);
            }
            else if (kind == Hdf5Message.Link)
            {
                (bool isOther, long? place) = Hdf5Message.LinkOf(message);
                RefuseLinks(isOther);
                Meet(place ?? -1);
            }
            else if (Hdf5Message.TreeOf(kind, message) is { } tree)
            {
                _trees.Push(tree);
            }

            // One that is told elsewhere has an address alone.
            Demand((left[isOld ? 4 : 3] & 2) != 0 || Hdf5Message.Fits(kind, message));
            left = left[(border + size)..];
        }
    }

    private void CheckNode(long at)
    {
        // A file of nothing but nodes that claim to be long would be read over and over.
        int count = BinaryPrimitives.ReadUInt16LittleEndian(Bytes(at + NodeHead - sizeof(ushort), sizeof(ushort)));
        Demand(count <= MostEntries);
        byte[] entries = Bytes(at + NodeHead, count * EntryBytes);
        for (int i = 0; i < entries.Length; i += EntryBytes)
        {
            RefuseLinks(BinaryPrimitives.ReadInt32LittleEndian(entries.AsSpan(i + (2 * sizeof(long)))) == SoftLink);
            Meet(BinaryPrimitives.ReadInt64LittleEndian(entries.AsSpan(i + sizeof(long))));
        }
    }

    // Texts of any length: the length of the whole, then for each its number, how often it is used, its length and its bytes.
    private void CheckHeap(long at)
    {
        ReadOnlySpan<byte> left = Taken(at, BinaryPrimitives.ReadInt64LittleEndian(Bytes(at + sizeof(long), sizeof(long))));
        Demand(left.Length >= HeapHead);
        for (left = left[HeapHead..]; left.Length > HeapHead && BinaryPrimitives.ReadUInt16LittleEndian(left) != 0;)
        {
            // A text fills whole words.
            (ulong words, ulong rest) = Math.DivRem(BinaryPrimitives.ReadUInt64LittleEndian(left[sizeof(long)..]), 8);
            words += Math.Min(rest, 1);
            Demand(words <= (ulong)(left.Length - HeapHead) / 8);
            left = left[(HeapHead + ((int)words * 8))..];
        }
    }

    // A node of the index of chunks: for each its bytes, and where it begins in the data set; then its place, or that of another node.
    private void CheckTree(long at, int axes)
    {
        byte[] head = at >= 0 && at <= _file.Length - TreeHead ? Bytes(at, TreeHead) : [];
        if (!head.AsSpan().StartsWith("TREE\u0001"u8))
        {
            return;
        }

        int key = sizeof(long) * (axes + 1), count = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(6));
        ReadOnlySpan<byte> left = Taken(at, TreeHead + (count * (key + sizeof(long)))).AsSpan(TreeHead);
        for (; left.Length > 0; left = left[(key + sizeof(long))..])
        {
            long place = BinaryPrimitives.ReadInt64LittleEndian(left[key..]);
            Demand(head[5] > 0 || (place >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(left) <= _file.Length - place));
            if (head[5] > 0)
            {
                _trees.Push((place, axes));
            }
        }
    }

    // The head of another index of chunks has a checksum, and so has its block where it is not parted into pages.
    private void CheckArray(long at)
    {
        byte[] head = Sealed(at, ArrayHead);
        ulong count = BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(8));
        long block = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(16));
        if (count <= 1UL << (head[7] & 31) && block >= 0)
        {
            _ = Sealed(block, ArrayBlockHead + ((long)count * head[6]) + ChecksumBytes);
        }
    }

    private byte[] Sealed(long at, long length)
    {
        byte[] block = Taken(at, length);
        Demand(BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(^ChecksumBytes)) == Checksum(block.AsSpan(..^ChecksumBytes)));
        return block;
    }

    // What no other head or heap may have.
    private byte[] Taken(long at, long length)
    {
        Demand(at >= 0 && length >= 0 && length <= Math.Min(Math.Min(_left, _file.Length - at), LargestHead));
        _left -= length;
        return Bytes(at, (int)length);
    }

    // What lies beyond the end is zero.
    private byte[] Bytes(long at, int count)
    {
        byte[] bytes = new byte[count];
        _file.Position = at;
        _ = _file.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        return bytes;
    }

    private void Demand(bool holds)
    {
        if (!holds)
        {
            throw new BadInputException($"'{_name}'", "this HDF5 file is damaged", "write or copy it again");
        }
    }

    private void RefuseLinks(bool isOther)
    {
        if (isOther)
        {
            throw new BadInputException($"'{_name}'", "it has links to other names or files, which are not followed",
                "write the columns themselves");
        }
    }

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
