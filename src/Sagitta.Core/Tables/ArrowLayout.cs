using System.Buffers.Binary;

namespace Sagitta.Core.Tables;

/// <summary>
/// Checks that the lengths which an Arrow file states fit into it: the package asks for as much memory as they say before it reads. A file
/// is a sequence of messages, each with the length of its head and, in the head, that of its body; the file's end lists where batches
/// begin (Arrow Columnar Format, "IPC Streaming Format" and "IPC File Format"; heads are FlatBuffers).
/// </summary>
internal static class ArrowLayout
{
    private const int Continuation = -1;

    // Fields of a message, and of the end of a file, by their number.
    private const int BodyLength = 3;
    private const int Dictionaries = 2;
    private const int RecordBatches = 3;

    // A place is: where the message begins, 8 bytes; length of its head, 4, and 4 unused; length of its body, 8.
    private const int PlaceBytes = 24;

    // "ARROW1" and padding before the first message; length of the end and "ARROW1" at the end.
    private const int FileHead = 8;
    private const int FileTail = 10;

    /// <summary>Checks a seekable stream and goes back to its start.</summary>
    /// <param name="file">The stream.</param>
    /// <param name="isFile">Whether it is a file with a list of its batches, or a bare sequence of messages.</param>
    /// <exception cref="InvalidDataException">A length leads out of the file.</exception>
    public static void Check(Stream file, bool isFile)
    {
        long end = isFile ? file.Length - FileTail : file.Length;
        HashSet<long> messages = [];
        long at = isFile ? FileHead : 0;
        while (at < end)
        {
            long begin = at;
            int length = BinaryPrimitives.ReadInt32LittleEndian(Bytes(file, at, sizeof(int), end));
            at += sizeof(int);
            if (length == Continuation)
            {
                length = BinaryPrimitives.ReadInt32LittleEndian(Bytes(file, at, sizeof(int), end));
                at += sizeof(int);
            }

            if (length == 0)
            {
                break;
            }

            byte[] head = Bytes(file, at, length, end);
            int body = Field(head, BodyLength);
            long bodyLength = body == 0 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(body));
            at += length;
            Require(bodyLength >= 0 && bodyLength <= end - at);
            at += bodyLength;
            messages.Add(begin);
        }

        if (isFile)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(Bytes(file, end, sizeof(int), file.Length));
            byte[] tail = Bytes(file, end - length, length, end);
            CheckPlaces(tail, Dictionaries, messages);
            CheckPlaces(tail, RecordBatches, messages);
        }

        file.Position = 0;
    }

    private static void CheckPlaces(byte[] tail, int field, HashSet<long> messages)
    {
        int list = Field(tail, field);
        if (list == 0)
        {
            return;
        }

        list += BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(list));
        int count = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(list));
        Require(count >= 0 && count <= tail.Length / PlaceBytes);
        for (int i = 0; i < count; i++)
        {
            Require(messages.Contains(BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(list + sizeof(int) + (i * PlaceBytes)))));
        }
    }

    // Where a field of the root of a FlatBuffer lies; 0 where it has its default.
    private static int Field(byte[] buffer, int number)
    {
        int root = BinaryPrimitives.ReadInt32LittleEndian(buffer);
        int table = root - BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(root));
        int slot = 4 + (2 * number);
        int offset = slot < BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(table))
            ? BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(table + slot)) : 0;
        return offset == 0 ? 0 : root + offset;
    }

    private static byte[] Bytes(Stream file, long at, int count, long end)
    {
        Require(count >= 0 && at >= 0 && count <= end - at);
        byte[] bytes = new byte[count];
        file.Position = at;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static void Require(bool fits)
    {
        if (!fits)
        {
            throw new InvalidDataException("A length leads out of the file.");
        }
    }
}
