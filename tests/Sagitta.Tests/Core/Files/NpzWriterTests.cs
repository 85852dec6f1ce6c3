using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Sagitta.Tests.Core.Files;

public sealed class NpzWriterTests
{
    [Fact]
    public void Bytes_of_an_array_are_those_of_the_npy_format()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.npz");
        using (NpzWriter writer = new(path))
        {
            writer.Add<float>("m", [1, 2, 3, 4, 5, 6], 2, 3);
            writer.Commit();
        }

        using ZipArchive archive = ZipFile.OpenRead(path);
        ZipArchiveEntry entry = Assert.Single(archive.Entries);
        Assert.Equal("m.npy", entry.FullName);
        Assert.Equal(entry.Length, entry.CompressedLength);
        using BinaryReader reader = new(entry.Open());
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 118, 0], reader.ReadBytes(10));
        string header = Encoding.ASCII.GetString(reader.ReadBytes(118));
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n", header);
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40], reader.ReadBytes(8));
        Assert.Equal(128 + 24, entry.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_type_comes_back_as_it_was_written(bool deflate)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.npz");
        using (NpzWriter writer = new(path, deflate))
        {
            writer.Add<bool>("b1", [true, false]);
            writer.Add<sbyte>("i1", [-128, 127]);
            writer.Add<byte>("u1", [0, 255]);
            writer.Add<short>("i2", [short.MinValue, short.MaxValue]);
            writer.Add<ushort>("u2", [0, ushort.MaxValue]);
            writer.Add<int>("i4", [int.MinValue, int.MaxValue]);
            writer.Add<uint>("u4", [0, uint.MaxValue]);
            writer.Add<long>("i8", [long.MinValue, long.MaxValue]);
            writer.Add<ulong>("u8", [0, ulong.MaxValue]);
            writer.Add<float>("f4", [float.NaN, float.NegativeInfinity, -0f]);
            writer.Add<double>("f8", [double.Epsilon, double.MaxValue]);
            writer.Add<double>("empty", []);
            writer.Add<float>("no_rows", [], 0, 4);
            writer.AddScalar("scalar", 42);
            writer.AddText("text", "pT \u2265 5 \U0001F600");
            writer.AddText("no_text", string.Empty);
            writer.Commit();
        }

        using NpzReader reader = new(path);
        Assert.Equal([true, false], reader.Read<bool>("b1"));
        Assert.Equal([-128, 127], reader.Read<sbyte>("i1"));
        Assert.Equal([0, 255], reader.Read<byte>("u1"));
        Assert.Equal([short.MinValue, short.MaxValue], reader.Read<short>("i2"));
        Assert.Equal([0, ushort.MaxValue], reader.Read<ushort>("u2"));
        Assert.Equal([int.MinValue, int.MaxValue], reader.Read<int>("i4"));
        Assert.Equal([0, uint.MaxValue], reader.Read<uint>("u4"));
        Assert.Equal([long.MinValue, long.MaxValue], reader.Read<long>("i8"));
        Assert.Equal([0, ulong.MaxValue], reader.Read<ulong>("u8"));
        Assert.Equal([float.NaN, float.NegativeInfinity, -0f], reader.Read<float>("f4"));
        Assert.Equal([double.Epsilon, double.MaxValue], reader.Read<double>("f8"));
        Assert.Empty(reader.Read<double>("empty", 0));
        Assert.Empty(reader.Read<float>("no_rows", 0, 4));
        Assert.Equal(42, reader.ReadScalar<int>("scalar"));
        Assert.Contains("(2,)", Assert.Throws<BadInputException>(() => reader.ReadScalar<int>("i4")).Message, StringComparison.Ordinal);
        Assert.Equal("pT \u2265 5 \U0001F600", reader.ReadText("text"));
        Assert.Equal(string.Empty, reader.ReadText("no_text"));
    }

    [Fact]
    public void Any_doubles_come_back_bit_for_bit()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.npz");
        Check.QuickThrowOnFailure(Prop.ForAll<double[]>(values =>
        {
            using (NpzWriter writer = new(path, deflate: true))
            {
                writer.Add<double>("a", values);
                writer.Commit();
            }

            using NpzReader reader = new(path);
            return reader.Read<double>("a").Select(BitConverter.DoubleToInt64Bits).SequenceEqual(
                values.Select(BitConverter.DoubleToInt64Bits));
        }));
    }

    [Fact]
    public void Columns_that_grow_together_equal_arrays_written_at_once()
    {
        using TemporaryFolder folder = new();
        using (NpzWriter writer = new(folder.File("grown.npz")))
        {
            NpzColumn<float> y = writer.AddColumn<float>("y");
            NpzColumn<int> pairs = writer.AddColumn<int>("pairs", 2);
            NpzColumn<long> none = writer.AddColumn<long>("none");
            for (int i = 0; i < 1000; i++)
            {
                y.Append(i * 0.5f);
                pairs.Append([i, -i]);
            }

            Assert.Equal((1000, 2000, 0), (y.Count, pairs.Count, none.Count));
            writer.Commit();
        }

        using (NpzWriter writer = new(folder.File("once.npz")))
        {
            writer.Add<float>("y", [.. Enumerable.Range(0, 1000).Select(i => i * 0.5f)]);
            writer.Add<int>("pairs", [.. Enumerable.Range(0, 1000).SelectMany(i => new[] { i, -i })], 1000, 2);
            writer.Add<long>("none", []);
            writer.Commit();
        }

        Assert.Equal(File.ReadAllBytes(folder.File("once.npz")), File.ReadAllBytes(folder.File("grown.npz")));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Name).Length);
    }

    [Fact]
    public void Uncommitted_archive_leaves_nothing()
    {
        using TemporaryFolder folder = new();
        using (NpzWriter writer = new(folder.File("a.npz")))
        {
            writer.AddColumn<float>("y").Append(1);
            writer.Add<int>("i", [1]);
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Name));
    }

    [Fact]
    public void Misuse_is_told()
    {
        using TemporaryFolder folder = new();
        using NpzWriter writer = new(folder.File("a.npz"));
        writer.Add<int>("a", [1]);
        Assert.Throws<ArgumentException>(() => writer.Add<int>("a", [1]));
        Assert.Throws<ArgumentException>(() => writer.Add<int>("b", [1], 2, 2));
        writer.AddColumn<int>("c", 2).Append(1);
        Assert.Throws<InvalidOperationException>(writer.Commit);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Array_beyond_four_gibibytes_needs_little_memory()
    {
        using TemporaryFolder folder = new();
        const int Blocks = 4200;
        long[] block = new long[1 << 17];
        using (NpzWriter writer = new(folder.File("large.npz")))
        {
            NpzColumn<long> column = writer.AddColumn<long>("a");
            writer.Add<int>("before", [7]);
            for (int i = 0; i < Blocks; i++)
            {
                block[0] = i;
                column.Append(block);
            }

            writer.Commit();
        }

        Assert.True(new FileInfo(folder.File("large.npz")).Length > 1L << 32);
        using NpzReader reader = new(folder.File("large.npz"));
        Assert.Equal([7], reader.Read<int>("before"));
        Assert.Equal((long)Blocks << 17, reader.Header("a").Count);
        using ZipArchive archive = ZipFile.OpenRead(folder.File("large.npz"));
        using Stream back = archive.GetEntry("a.npy")!.Open();
        back.ReadExactly(new byte[128]);
        for (int i = 0; i < Blocks; i++)
        {
            back.ReadExactly(MemoryMarshal.AsBytes(block.AsSpan()));
            Assert.Equal(i, block[0]);
        }

        Assert.Equal(-1, back.ReadByte());
    }
}
