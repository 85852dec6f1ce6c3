using System.Buffers.Binary;

namespace Sagitta.Core.Tables;

/// <summary>Lengths within the messages of an HDF5 head, for which the package asks for memory before it reads (HDF5 File Format
/// Specification 3.0: "Link Message", "Fill Value", "Attribute Message", "Dataspace Message").</summary>
internal static class Hdf5Message
{
    /// <summary>The kind of a link.</summary>
    public const int Link = 6;

    private const int OldFillValue = 4;
    private const int FillValue = 5;
    private const int Layout = 8;
    private const int Attribute = 12;

    /// <summary>Whether a link is one to another name or file; else the address to which it leads, none where its name does not
    /// fit.</summary>
    public static (bool IsOther, long? Place) LinkOf(ReadOnlySpan<byte> message)
    {
        bool isOther = message.Length > 2 && (message[1] & 8) != 0 && message[2] != 0;
        return (isOther, !isOther && EndOfName(message) is { } end && message.Length - end >= sizeof(long)
            ? BinaryPrimitives.ReadInt64LittleEndian(message[end..]) : null);
    }

    /// <summary>Whether what a message says of its lengths fits into it; true for kinds without such.</summary>
    public static bool Fits(int kind, ReadOnlySpan<byte> message) => kind switch
    {
        Link => EndOfName(message) is not null,
        OldFillValue => HasBytes(message, 0),
        FillValue when message is [< 3, ..] => message is not [_, _, _, 1, ..] || HasBytes(message, 4),
        FillValue => message is not [_, var flags, ..] || (flags & 0x30) != 0x20 || HasBytes(message, 2),
        Attribute => HasValue(message),
        _ => true,
    };

    /// <summary>Where a data set's chunks are found by a tree: its first node, and how many numbers say where a chunk begins; null for
    /// other kinds of messages and of data sets.</summary>
    public static (long At, int Axes)? TreeOf(int kind, ReadOnlySpan<byte> message) =>
        kind == Layout && message is [3, 2, var axes, ..] && message.Length >= 3 + sizeof(long)
            ? (BinaryPrimitives.ReadInt64LittleEndian(message[3..]), axes) : null;

    // Version, flags, a kind where it is no place of this file, the order of creation, the alphabet, the length of the name, the name.
    private static int? EndOfName(ReadOnlySpan<byte> link)
    {
        int flags = link.Length > 1 ? link[1] : 0;
        int at = 2 + ((flags & 8) >> 3) + ((flags & 4) != 0 ? sizeof(long) : 0) + ((flags & 16) >> 4), size = 1 << (flags & 3);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        length.Clear();
        if (at + size > link.Length)
        {
            return null;
        }

        link.Slice(at, size).CopyTo(length);
        ulong name = BinaryPrimitives.ReadUInt64LittleEndian(length);
        return name <= (ulong)(link.Length - at - size) ? at + size + (int)name : null;
    }

    private static bool HasBytes(ReadOnlySpan<byte> message, int at) => message.Length - at - sizeof(uint) is >= 0 and var left
        && BinaryPrimitives.ReadUInt32LittleEndian(message[at..]) <= left;

    // Version, flags, lengths of the name, of its type and of its space, from version 3 the alphabet; then these and the value. The first
    // version fills words of 8 bytes.
    private static bool HasValue(ReadOnlySpan<byte> message)
    {
        const int Head = 8;
        if (message.Length <= Head)
        {
            return false;
        }

        int word = message[0] == 1 ? 8 : 1, at = Head + (message[0] == 3 ? 1 : 0);
        int type = at + Padded(message[at..].IndexOf((byte)0) + 1, word);
        int space = type + Padded(BinaryPrimitives.ReadUInt16LittleEndian(message[4..]), word);
        int value = space + Padded(BinaryPrimitives.ReadUInt16LittleEndian(message[6..]), word);
        if (space - type < 8 || value - space < 4 || value > message.Length)
        {
            return false;
        }

        // A type or a space that is told elsewhere is small.
        double bytes = (message[1] & 1) != 0 ? 1 : BinaryPrimitives.ReadUInt32LittleEndian(message[(type + 4)..]);
        int axes = (message[1] & 2) != 0 ? 0 : message[space + 1];
        for (int length = space + (message[space] == 1 ? 8 : 4); axes > 0; axes--, length += sizeof(ulong))
        {
            if (length + sizeof(ulong) > value)
            {
                return false;
            }

            bytes *= BinaryPrimitives.ReadUInt64LittleEndian(message[length..]);
        }

        bool isEmpty = message[space] == 2 && message[space + 3] == 2;
        return isEmpty || bytes <= message.Length - value;
    }

    private static int Padded(int length, int word) => (length + word - 1) / word * word;
}
