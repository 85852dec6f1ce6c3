using System.IO.Hashing;

namespace Sagitta.Tests.Core.Tables;

/// <summary>Frames of Parquet files, made by hand: what they state is believed only where it fits.</summary>
public sealed class ParquetLayoutTests
{
    private const byte Flag = 1, Whole = 5, Long = 6, Text = 8, List = 9, Structure = 12;

    [Fact]
    public void Sound_frame_passes_and_the_stream_is_at_its_start()
    {
        MemoryStream file = new(File(new()));
        file.Position = 3;
        ParquetLayout.Check(file, "t.parquet");
        Assert.Equal(0, file.Position);
    }

    public static TheoryData<string> Changes => [.. _changes.Select(change => change.Name)];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Change_of_one_number_is_told_where_it_does_not_fit(string name)
    {
        (_, bool isSound, Func<Frame, Frame> change) = _changes.Single(change => change.Name == name);
        Frame frame = change(new());
        void Check() => ParquetLayout.Check(new MemoryStream(File(frame)), "t.parquet");
        if (isSound)
        {
            Check();
        }
        else
        {
            Assert.Equal("'t.parquet': this is no Parquet file, or it is cut off or damaged; write or copy it again",
                Assert.Throws<BadInputException>(Check).Message);
        }
    }

    [Fact]
    public void Tail_must_fit()
    {
        byte[] sound = File(new());
        foreach (Action<byte[]> change in (Action<byte[]>[])[bytes => bytes[^1]++, bytes => bytes[^8]++, bytes => bytes[^5] = 0x80,
            bytes => bytes[^7] = 1])
        {
            byte[] altered = [.. sound];
            change(altered);
            Assert.Throws<BadInputException>(() => ParquetLayout.Check(new MemoryStream(altered), "t.parquet"));
        }

        Assert.Throws<BadInputException>(() => ParquetLayout.Check(new MemoryStream([.. "PAR1"u8, 0, 0, 0, .. "PAR1"u8]), "t.parquet"));
        for (int length = 0; length < sound.Length; length++)
        {
            byte[] cut = sound[..length];
            Assert.Throws<BadInputException>(() => ParquetLayout.Check(new MemoryStream(cut), "t.parquet"));
        }
    }

    private static readonly (string Name, bool IsSound, Func<Frame, Frame> Of)[] _changes =
    [
        ("rows: none", true, frame => frame with { Rows = 0 }),
        ("rows: fewer than none", false, frame => frame with { Rows = -1 }),
        ("rows: a billion in a hundred bytes", false, frame => frame with { Rows = 1_000_000_000 }),
        ("rows: some hundred a byte", true, frame => frame with { Rows = 20_000 }),
        ("values: none", true, frame => frame with { Values = 0 }),
        ("values: fewer than none", false, frame => frame with { Values = -1 }),
        ("values: more than in the pages", false, frame => frame with { Values = 11 }),
        ("values: a billion in a hundred bytes", false, frame => frame with { Values = 1_000_000_000, Count = 1_000_000_000 }),
        ("page: of no bytes", true, frame => frame with { Packed = 0, Unpacked = 0 }),
        ("page: up to the directory", true, frame => frame with { Packed = 8 }),
        ("page: into the directory", false, frame => frame with { Packed = 9 }),
        ("page: of fewer bytes than none", false, frame => frame with { Packed = -1 }),
        ("page: unpacked to fewer bytes than none", false, frame => frame with { Unpacked = -1 }),
        ("page: unpacked to 64 MB", true, frame => frame with { Unpacked = 1 << 26 }),
        ("page: unpacked to more", false, frame => frame with { Unpacked = (1 << 26) + 1 }),
        ("page: of an index", false, frame => frame with { Type = 1 }),
        ("page: of an unknown type", false, frame => frame with { Type = 4 }),
        ("page: of an unknown type with the head of a newer one", false, frame => frame with { Type = 4, Newer = [0, 10, 0, 0] }),
        ("page: without its head", false, frame => frame with { Head = 6 }),
        ("page: of fewer values than none", false, frame => frame with { Count = -1 }),
        ("page: of more values than the column", false, frame => frame with { Count = 11 }),
        ("page: of half of the values", false, frame => frame with { Count = 5 }),
        ("page: its checksum", true, frame => frame with { Checksum = (int)Crc32.HashToUInt32(new byte[8]) }),
        ("page: another checksum", false, frame => frame with { Checksum = (int)Crc32.HashToUInt32(new byte[8]) + 1 }),
        ("pages: before the first byte", false, frame => frame with { Place = 3 }),
        ("pages: in the directory", false, frame => frame with { Place = 1000 }),
        ("pages: nowhere", false, frame => frame with { Place = 0 }),
        ("pages: nowhere, of no values", true, frame => frame with { Place = 0, Values = 0 }),
        ("dictionary: alone", false, frame => frame with { Type = 2, Head = 7 }),
        ("dictionary: of no values", true, frame => frame with { Dictionary = 0 }),
        ("dictionary: before the page", true, frame => frame with { Dictionary = 10 }),
        ("dictionary: of a value for each bit", true, frame => frame with { Dictionary = 72 }),
        ("dictionary: of more values than bits", false, frame => frame with { Dictionary = 73 }),
        ("newer page", true, frame => frame with { Newer = [0, 10, 0, 0] }),
        ("newer page: all unknown", true, frame => frame with { Newer = [10, 10, 4, 4] }),
        ("newer page: more unknown than there are", false, frame => frame with { Newer = [11, 10, 0, 0] }),
        ("newer page: fewer unknown than none", false, frame => frame with { Newer = [-1, 10, 0, 0] }),
        ("newer page: levels longer than it", false, frame => frame with { Newer = [0, 10, 4, 5] }),
        ("newer page: first levels shorter than nothing", false, frame => frame with { Newer = [0, 10, -1, 2] }),
        ("newer page: second levels shorter than nothing", false, frame => frame with { Newer = [0, 10, 2, -1] }),
        ("newer page: levels longer than unpacked", false, frame => frame with { Newer = [0, 10, 4, 4], Unpacked = 7 }),
        ("schema: a root alone", true, frame => frame with { Children = [0] }),
        ("schema: no root", false, frame => frame with { Children = [] }),
        ("schema: a column too few", false, frame => frame with { Children = [2, -1] }),
        ("schema: a column too many", false, frame => frame with { Children = [1, -1, -1] }),
        ("schema: fewer columns than none", false, frame => frame with { Children = [-2, -1] }),
        ("schema: more columns than elements", false, frame => frame with { Children = [3, -1, -1] }),
        ("schema: columns in groups", true, frame => frame with { Children = [2, 2, -1, 1, -1, -1] }),
        ("schema: a column behind the groups", false, frame => frame with { Children = [2, 2, -1, 1, -1, -1, -1] }),
        ("schema: groups in 63 groups", true, frame => frame with { Children = [.. Enumerable.Repeat(1, 63), -1] }),
        ("schema: groups in 64 groups", false, frame => frame with { Children = [.. Enumerable.Repeat(1, 64), -1] }),
        ("a column without a description", false, frame => frame with { Column = 4 }),
        ("page: unpacked to 1100 times its bytes", true, frame => frame with { Packed = 100_000, Unpacked = 110_000_000 }),
        ("page: unpacked to more than 1100 times its bytes", false, frame => frame with { Packed = 100_000, Unpacked = 110_000_001 }),
        ("seal: of another program", true, frame => frame with { Maker = "another sagitta:xxhash128" + new string('0', 40) }),
        ("seal: of another file", false, frame => frame with { Maker = "Parquet.Net sagitta:xxhash128" + new string('0', 40) }),
        ("seal: cut off", false, frame => frame with { Maker = "Parquet.Net sagitta:xxhash128" + new string('0', 10) }),
        ("bytes behind the directory", false, frame => frame with { Behind = 1 }),
    ];

    /// <summary>A file of one column with one page; its numbers, one of which is changed.</summary>
    private sealed record Frame
    {
        public long Rows { get; init; } = 10;

        public long Values { get; init; } = 10;

        public long Packed { get; init; } = 8;

        public long Unpacked { get; init; } = 8;

        public long Type { get; init; }

        // Number of the field that the head of the page is in.
        public int Head { get; init; } = 5;

        public long Count { get; init; } = 10;

        public int? Checksum { get; init; }

        public long Place { get; init; } = 4;

        // Values of a dictionary before the page.
        public long? Dictionary { get; init; }

        // Unknown values, rows, and lengths of two kinds of levels of a page of the second version.
        public long[]? Newer { get; init; }

        // Children of each element of the schema; -1 for one that states none, -2 for fewer than none.
        public int[] Children { get; init; } = [1, -1];

        // Number of the field that describes the column.
        public int Column { get; init; } = 3;

        // Which program made it.
        public string Maker { get; init; } = "";

        public int Behind { get; init; }
    }

    private static byte[] File(Frame frame)
    {
        byte[] dictionary = frame.Dictionary is not { } words ? []
            : [.. Fields((1, Whole, Number(2)), (2, Whole, Number(8)), (3, Whole, Number(8)),
                (7, Structure, Fields((1, Whole, Number(words))))), .. new byte[8]];
        (int, byte, byte[]) head = frame.Newer is { } newer
            ? (8, Structure, Fields((1, Whole, Number(frame.Count)), (2, Whole, Number(newer[0])), (3, Whole, Number(newer[1])),
                (5, Whole, Number(newer[2])), (6, Whole, Number(newer[3])), (7, Flag, [])))
            : (frame.Head, Structure, Fields(frame.Head == 6 ? [] : [(1, Whole, Number(frame.Count))]));
        (int, byte, byte[])[] checksum = frame.Checksum is { } value ? [(4, Whole, Number(value))] : [];
        byte[] page = Fields([(1, Whole, Number(frame.Newer is null || frame.Type > 0 ? frame.Type : 3)),
            (2, Whole, Number(frame.Unpacked)),
            (3, Whole, Number(frame.Packed)), .. checksum, head]);
        (int, byte, byte[])[] place = dictionary.Length == 0 ? [(9, Long, Number(frame.Place))]
            : [(9, Long, Number(4 + dictionary.Length)), (11, Long, Number(4))];
        byte[] column = Fields([(5, Long, Number(frame.Values)), .. place]);
        (int, byte, byte[])[] maker = frame.Maker.Length == 0 ? []
            : [(6, Text, [(byte)frame.Maker.Length, .. System.Text.Encoding.ASCII.GetBytes(frame.Maker)])];
        byte[] group = Fields((1, List, Items(frame.Column == 3 ? Fields((2, Long, Number(4)), (3, Structure, column))
            : Fields((2, Long, Number(4))))), (2, Long, Number(8)), (3, Long, Number(frame.Rows)));
        byte[] directory =
        [
            .. Fields([(1, Whole, Number(2)), (2, List, Items([.. frame.Children.Select(children => children == -1
                ? Fields((4, Text, [1, (byte)'a'])) : Fields((5, Whole, Number(Math.Max(children, -1)))))])),
                (3, Long, Number(frame.Rows)), (4, List, Items(group)), .. maker]), .. new byte[frame.Behind],
        ];
        return [.. "PAR1"u8, .. dictionary, .. page, .. new byte[frame.Packed > 1000 ? frame.Packed : 8], .. directory,
            .. BitConverter.GetBytes(directory.Length),
            .. "PAR1"u8];
    }

    // Thrift's compact protocol: fields with ascending numbers, then a zero.
    private static byte[] Fields(params (int Number, byte Type, byte[] Value)[] fields) =>
        [.. fields.SelectMany((field, i) => (byte[])[(byte)(((field.Number - (i == 0 ? 0 : fields[i - 1].Number)) << 4) | field.Type),
            .. field.Value]), 0];

    private static byte[] Items(params byte[][] items) => [0xfc, .. Varint((ulong)items.Length), .. items.SelectMany(item => item)];

    private static byte[] Number(long number) => Varint((ulong)((number << 1) ^ (number >> 63)));

    private static byte[] Varint(ulong number) => number < 128 ? [(byte)number] : [(byte)(number | 128), .. Varint(number >> 7)];
}
