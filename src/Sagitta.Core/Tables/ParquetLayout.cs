using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Sagitta.Core.Tables;

/// <summary>
/// The frame of a Parquet file (github.com/apache/parquet-format), checked before the package reads it, which believes whatever lengths and
/// counts a damaged file claims: directory, schema and the heads of all pages must lie within the file and fit each other. Checksums of
/// pages are compared where they are given, and so is the checksum that Sagitta's own files carry in their directory.
/// </summary>
internal sealed class ParquetLayout
{
    private const int MostLevels = 64;
    private const int HeadBytes = 1 << 16;
    // A column that says the same in each row needs hardly a byte for a thousand; nothing is allocated for more.
    private const long MostRowsPerByte = 1000;
    private const long MostUnpacked = 1 << 26;
    private const long MostUnpackedPerByte = 1100;
    private const int ChecksumLetters = 32;

    // As ThriftReader takes them.
    private static readonly Dictionary<string, Dictionary<int, string>> _shapes = Shapes("""
        file 1:i 2:[element] 3:i 4:[group] 5:[pair] 6:s 7:[order] 9:s
        element 1:i 2:i 3:i 4:s 5:i 6:i 7:i 8:i 9:i 10:logical
        logical 1:none 2:none 3:none 4:none 5:decimal 6:none 7:time 8:time 10:integer 11:none 12:none 13:none
        logical 14:none 15:none 16:variant 17:map 18:map
        none
        decimal 1:i 2:i
        time 1:b 2:unit
        unit 1:none 2:none 3:none
        integer 1:y 2:b
        variant 1:y
        map 1:s 2:i
        group 1:[chunk] 2:i 3:i 4:[sorting] 5:i 6:i 7:i
        sorting 1:i 2:b 3:b
        chunk 1:s 2:i 3:column 4:i 5:i 6:i 7:i
        column 1:i 2:[i] 3:[s] 4:i 5:i 6:i 7:i 8:[pair] 9:i 10:i 11:i 12:statistics 13:[pages] 14:i 15:i 16:sizes 17:places
        pages 1:i 2:i 3:i
        sizes 1:i 2:[i] 3:[i]
        places 1:box 2:[i]
        box 1:d 2:d 3:d 4:d 5:d 6:d 7:d 8:d
        pair 1:s 2:s
        order 1:none
        statistics 1:s 2:s 3:i 4:i 5:s 6:s 7:b 8:b
        page 1:i 2:i 3:i 4:i 5:data 6:none 7:dictionary 8:newer
        data 1:i 2:i 3:i 4:i 5:statistics
        dictionary 1:i 2:i 3:b
        newer 1:i 2:i 3:i 4:i 5:i 6:i 7:b 8:statistics
        """);

    private readonly Stream _file;
    private readonly string _name;

    private ParquetLayout(Stream file, string name) => (_file, _name) = (file, name);

    private static ReadOnlySpan<byte> ChecksumKey => "sagitta:xxhash128"u8;

    private static ReadOnlySpan<byte> Package => "Parquet.Net"u8;

    /// <summary>What the writer puts among the file's own texts before <see cref="Seal"/>.</summary>
    public static Dictionary<string, string> Unsealed => new(StringComparer.Ordinal)
    {
        [Encoding.ASCII.GetString(ChecksumKey)] = new('0', ChecksumLetters),
    };

    /// <summary>Throws <see cref="BadInputException"/> where the file is damaged; the stream is at its start again afterwards.</summary>
    public static void Check(Stream file, string name) => new ParquetLayout(file, name).Check();

    /// <summary>Writes the checksum of a file that was written with <see cref="Unsealed"/> into it.</summary>
    public static void Seal(Stream file)
    {
        ParquetLayout layout = new(file, "");
        (byte[] directory, long start) = layout.Directory();
        int at = directory.AsSpan().IndexOf(ChecksumKey) + ChecksumKey.Length + 2;
        string checksum = layout.Checksum(start + at);
        file.Position = start + at;
        file.Write(Encoding.ASCII.GetBytes(checksum));
        file.Position = file.Length;
    }

    private void Check()
    {
        (byte[] directory, long end) = Directory();
        CheckSeal(directory, end);
        ThriftReader reader = new(directory, _shapes, Require);
        ThriftFields root = reader.Structure("file");
        Require(reader.At == directory.Length);
        CheckSchema(root.List(2));
        foreach (ThriftFields group in root.List(4).Cast<ThriftFields>())
        {
            Require(group.Number(3) is var rows && rows >= 0 && rows <= _file.Length * MostRowsPerByte);
            foreach (ThriftFields chunk in group.List(1).Cast<ThriftFields>())
            {
                CheckPages((ThriftFields)chunk.Of(3), end);
            }
        }

        _file.Position = 0;
    }

    private (byte[] Bytes, long Start) Directory()
    {
        Require(_file.Length >= 12);
        Span<byte> tail = stackalloc byte[8];
        _file.Seek(-8, SeekOrigin.End);
        _file.ReadExactly(tail);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        Require(tail[4..].SequenceEqual("PAR1"u8) && length <= _file.Length - 12 && length <= int.MaxValue / 2);
        long start = _file.Length - 8 - length;
        return (Bytes(start, (int)length), start);
    }

    // The package builds the schema by recursion.
    private void CheckSchema(List<object> elements)
    {
        Stack<long> open = [];
        foreach (ThriftFields element in elements.Cast<ThriftFields>())
        {
            while (open.Count > 0 && open.Peek() == 0)
            {
                open.Pop();
            }

            long children = element.Has(5) ? element.Number(5) : 0;
            Require(children >= 0 && children < elements.Count && open.Count < MostLevels && (element == elements[0] || open.Count > 0));
            if (open.TryPop(out long left))
            {
                open.Push(left - 1);
            }

            open.Push(children);
        }

        Require(elements.Count > 0 && open.All(left => left == 0));
    }

    private void CheckPages(ThriftFields column, long end)
    {
        long at = ((int[])[9, 10, 11]).Select(field => column.Has(field) ? column.Number(field) : 0).Where(place => place != 0)
            .DefaultIfEmpty(end).Min();
        long values = column.Number(5);
        Require(values >= 0 && values <= _file.Length * MostRowsPerByte);
        while (values > 0)
        {
            Require(at >= 4 && at < end);
            ThriftReader reader = new(Bytes(at, (int)Math.Min(HeadBytes, end - at)), _shapes, Require);
            ThriftFields page = reader.Structure("page");
            at += reader.At;
            long packed = page.Number(3);
            long unpacked = page.Number(2);
            Require(packed >= 0 && packed <= end - at && unpacked >= 0
                && unpacked <= Math.Max(MostUnpacked, packed * MostUnpackedPerByte));
            long type = page.Number(1);
            Require(type is 0 or 2 or 3);
            var head = (ThriftFields)page.Of(type switch { 0 => 5, 2 => 7, _ => 8 });
            long count = head.Number(1);
            Require(count >= 0 && (type == 2 ? count <= (8 * unpacked) + 8 : count <= values));
            if (type == 3)
            {
                Require(head.Number(5) >= 0 && head.Number(6) >= 0 && head.Number(5) + head.Number(6) <= Math.Min(packed, unpacked)
                    && head.Number(2) >= 0 && head.Number(2) <= count);
            }

            if (page.Has(4))
            {
                Require(Crc32.HashToUInt32(Bytes(at, (int)packed)) == unchecked((uint)page.Number(4)));
            }

            values -= type == 2 ? 0 : count;
            at += packed;
        }
    }

    // Other programs copy the texts of a file into their own: the checksum counts where the same package wrote both.
    private void CheckSeal(byte[] directory, long start)
    {
        int key = directory.AsSpan().IndexOf(ChecksumKey);
        if (key >= 0 && directory.AsSpan().IndexOf(Package) >= 0)
        {
            int at = key + ChecksumKey.Length + 2;
            Require(at + ChecksumLetters <= directory.Length
                && directory.AsSpan(at, ChecksumLetters).SequenceEqual(Encoding.ASCII.GetBytes(Checksum(start + at))));
        }
    }

    // Of the whole file, the letters of the checksum itself taken as zeros.
    private string Checksum(long at)
    {
        XxHash128 hash = new();
        byte[] block = new byte[1 << 16];
        _file.Position = 0;
        for (long from = 0; from < _file.Length;)
        {
            int count = _file.Read(block);
            Require(count > 0);
            for (long i = Math.Max(at, from); i < Math.Min(at + ChecksumLetters, from + count); i++)
            {
                block[i - from] = (byte)'0';
            }

            hash.Append(block.AsSpan(0, count));
            from += count;
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private byte[] Bytes(long from, int count)
    {
        byte[] bytes = new byte[count];
        _file.Position = from;
        _file.ReadExactly(bytes);
        return bytes;
    }

    private void Require(bool holds)
    {
        if (!holds)
        {
            throw new BadInputException($"'{_name}'", "this is no Parquet file, or it is cut off or damaged", "write or copy it again");
        }
    }

    private static Dictionary<string, Dictionary<int, string>> Shapes(string text) => text.Split('\n').Select(line => line.Split(' '))
        .GroupBy(words => words[0], StringComparer.Ordinal)
        .ToDictionary(lines => lines.Key, lines => lines.SelectMany(words => words.Skip(1)).Select(word => word.Split(':'))
            .ToDictionary(pair => NumberText.Read<int>(pair[0], "Parquet"), pair => pair[1]), StringComparer.Ordinal);
}
