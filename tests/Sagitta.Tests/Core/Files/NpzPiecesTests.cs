using System.IO.Compression;

namespace Sagitta.Tests.Core.Files;

/// <summary>Arrays of an archive some elements at a time.</summary>
public sealed class NpzPiecesTests
{
    // Blocks are of 65536 bytes.
    private const int Count = 40_000;
    private static readonly int[] _values = [.. Enumerable.Range(0, Count).Select(i => (i * 7919) ^ (i << 12))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Elements_that_are_left_out_are_not_missed(bool deflate)
    {
        using TemporaryFolder folder = new();
        using NpzReader reader = new(Written(folder, deflate));
        using NpzPieces pieces = reader.Pieces("a");
        Assert.Equal((Count, "<i4", true), ((int)pieces.Left, pieces.Type.Code, pieces.IsCompared));
        Assert.Equal(_values[..3], pieces.Read<int>(3));
        pieces.Skip(20_000);
        Assert.Equal(Count - 20_003, pieces.Left);
        Assert.Equal(_values[20_003..20_010], pieces.Read<int>(7));
        pieces.IsCompared = false;
        pieces.Skip(10_000);
        Assert.Equal(_values[30_010..30_012], pieces.Read<int>(2));
        pieces.Skip(0);
        Assert.Equal(_values[30_012..], pieces.Read<int>(Count - 30_012));
        Assert.Equal(0, pieces.Left);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Altered_element_that_is_left_out_is_noticed_where_checksums_are_compared(bool compares, bool notices)
    {
        using TemporaryFolder folder = new();
        byte[] bytes = File.ReadAllBytes(Written(folder, deflate: false));
        bytes[bytes.AsSpan().IndexOf(BitConverter.GetBytes(_values[9_000]))] ^= 1;
        using NpzReader reader = new(new MemoryStream(bytes), "a.npz");
        using NpzPieces pieces = reader.Pieces("a");
        pieces.IsCompared = compares;
        Assert.Equal(_values[..5], pieces.Read<int>(5));
        pieces.Skip(10_000);
        Assert.Equal(_values[10_005..10_010], pieces.Read<int>(5));
        void Finish() => pieces.Skip();
        if (notices)
        {
            Assert.Contains("'a.npz', array 'a': the entry is cut off or altered", Assert.Throws<BadInputException>(Finish).Message,
                StringComparison.Ordinal);
        }
        else
        {
            Finish();
            Assert.Equal(0, pieces.Left);
        }
    }

    [Fact]
    public void Last_element_brings_the_checksum_whatever_it_is_read_as()
    {
        using TemporaryFolder folder = new();
        byte[] bytes = File.ReadAllBytes(Written(folder, deflate: false));
        bytes[bytes.AsSpan().IndexOf(BitConverter.GetBytes(_values[9_000]))] ^= 1;
        bytes[bytes.AsSpan().IndexOf("one"u8)] = (byte)'0';
        using NpzReader reader = new(new MemoryStream(bytes), "a.npz");
        using NpzPieces numbers = reader.Pieces("a");
        Assert.Throws<BadInputException>(() => numbers.Read<int>(Count));
        Assert.Throws<BadInputException>(() => reader.Read<int>("a"));
        Assert.Throws<BadInputException>(() => reader.ReadTexts("text"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whole_arrays_of_several_blocks_come_back(bool deflate)
    {
        using TemporaryFolder folder = new();
        using NpzReader reader = new(Written(folder, deflate));
        Assert.Equal(_values, reader.Read<int>("a"));
        Assert.Equal(_values.Select(value => (double)value), reader.ReadConverted<double>("a"));
        Assert.Equal([1.5, 2], reader.ReadField<double>("hits", "y"));
        Assert.Equal([7L, -8], reader.ReadField<long>("hits", "n"));
        Assert.Equal(["ab", "c"], reader.ReadTexts("hits", "name"));
        using NpzPieces typed = reader.Pieces<int>("a", Count);
        Assert.Equal(_values, typed.Read<int>(Count));
        Assert.Throws<BadInputException>(() => reader.Pieces<long>("a", Count));
        Assert.Throws<BadInputException>(() => reader.Pieces<int>("a", Count, 1));
        Assert.Contains("array 'hits': there is no field 'x'; its type is [n <i2, name |S2, y <f8]",
            Assert.Throws<BadInputException>(() => reader.Pieces("hits", "x")).Message, StringComparison.Ordinal);
    }

    private static string Written(TemporaryFolder folder, bool deflate)
    {
        using MemoryStream numbers = new();
        using (BinaryWriter writer = new(numbers, System.Text.Encoding.ASCII, leaveOpen: true))
        {
            foreach ((short n, string name, double y) in ((short, string, double)[])[(7, "ab", 1.5), (-8, "c\0", 2)])
            {
                writer.Write(n);
                writer.Write(name.ToCharArray());
                writer.Write(y);
            }
        }

        using ZipArchive archive = ZipFile.Open(folder.File("a.npz"), ZipArchiveMode.Create);
        void Add(string name, string head, ReadOnlySpan<byte> data)
        {
            using Stream entry = archive.CreateEntry(name, deflate ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
            entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)head.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(head)]);
            entry.Write(data);
        }

        Add("a.npy", $"{{'descr': '<i4', 'fortran_order': False, 'shape': ({Count},)}}",
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(_values.AsSpan()));
        Add("hits.npy", "{'descr': [('n', '<i2'), ('name', '|S2'), ('y', '<f8')], 'fortran_order': False, 'shape': (2,)}",
            numbers.ToArray());
        Add("text.npy", "{'descr': '|S3', 'fortran_order': False, 'shape': (2,)}", "onetwo"u8);
        return folder.File("a.npz");
    }
}
