using System.Buffers.Binary;

namespace Sagitta.Core.Tables;

/// <summary>
/// Checks that the lengths which an Arrow file states fit into it: the package asks for as much memory as they say before it reads. A file
/// is a sequence of messages, each with the length of its head and, in the head, that of its body and of lists of fields, arrays and
/// buffers; the file's end has the fields again and lists where batches begin (Arrow Columnar Format, "IPC Streaming Format" and "IPC File
/// Format"; heads are FlatBuffers as of Schema.fbs, Message.fbs and File.fbs).
/// </summary>
internal static class ArrowLayout
{
    private const int Continuation = -1;

    // Fields of a message, and of the end of a file, by their number.
    private const int HeaderKind = 1;
    private const int Header = 2;
    private const int BodyLength = 3;
    private const int EndSchema = 1;
    private const int Dictionaries = 2;
    private const int RecordBatches = 3;

    // Kinds of messages.
    private const int Schema = 1;
    private const int DictionaryBatch = 2;

    // Fields of a schema; of a field; of a batch.
    private const int SchemaFields = 1;
    private const int Children = 5;
    private const int Nodes = 1;
    private const int Buffers = 2;
    private const int DataOfDictionary = 1;
    private const int MostLevels = 64;

    // An offset to a table; a structure of two numbers, which nodes and buffers are.
    private const int OffsetBytes = 4;
    private const int PairBytes = 16;

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
            int root = Table(head, 0);
            CheckHeader(head, root);
            int body = Field(head, root, BodyLength);
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
            CheckSchema(tail, Field(tail, Table(tail, 0), EndSchema));
            CheckPlaces(tail, Dictionaries, messages);
            CheckPlaces(tail, RecordBatches, messages);
        }

        file.Position = 0;
    }

    private static void CheckHeader(byte[] head, int root)
    {
        int kind = Field(head, root, HeaderKind);
        int header = Field(head, root, Header);
        if (kind == 0 || header == 0)
        {
            return;
        }

        if (head[kind] == Schema)
        {
            CheckSchema(head, header);
            return;
        }

        header = head[kind] == DictionaryBatch ? Field(head, Table(head, header), DataOfDictionary) : header;
        if (header != 0)
        {
            _ = List(head, Field(head, Table(head, header), Nodes), PairBytes);
            _ = List(head, Field(head, Table(head, header), Buffers), PairBytes);
        }
    }

    private static void CheckSchema(byte[] buffer, int place)
    {
        int left = buffer.Length / OffsetBytes;
        if (place != 0)
        {
            CheckFields(buffer, place, SchemaFields, 0, ref left);
        }
    }

    // The fields of a schema, or the children of a field, whose offset lies at a place. Each has an offset of its own, so there are no more
    // of them than the buffer has room for, unless lists lead back to themselves.
    private static void CheckFields(byte[] buffer, int place, int number, int level, ref int left)
    {
        (int first, int count) = List(buffer, Field(buffer, Table(buffer, place), number), OffsetBytes);
        left -= count;
        Require(level < MostLevels && left >= 0);
        for (int i = 0; i < count; i++)
        {
            CheckFields(buffer, first + (i * OffsetBytes), Children, level + 1, ref left);
        }
    }

    private static void CheckPlaces(byte[] tail, int field, HashSet<long> messages)
    {
        (int first, int count) = List(tail, Field(tail, Table(tail, 0), field), PlaceBytes);
        for (int i = 0; i < count; i++)
        {
            Require(messages.Contains(BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(first + (i * PlaceBytes)))));
        }
    }

    // The first element of a list whose offset lies at a place, and their number; none for place 0.
    private static (int First, int Count) List(byte[] buffer, int place, int elementBytes)
    {
        if (place == 0)
        {
            return (0, 0);
        }

        int list = Table(buffer, place);
        int count = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(list));
        Require(count >= 0 && count <= (buffer.Length - list - sizeof(int)) / elementBytes);
        return (list + sizeof(int), count);
    }

    // Where a table or a list begins whose offset lies at a place.
    private static int Table(byte[] buffer, int place) => place + BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(place));

    // Where a field of a table lies; 0 where it has its default.
    private static int Field(byte[] buffer, int table, int number)
    {
        int slots = table - BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(table));
        int slot = 4 + (2 * number);
        int offset = slot < BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(slots))
            ? BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(slots + slot)) : 0;
        return offset == 0 ? 0 : table + offset;
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
