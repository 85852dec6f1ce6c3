using System.IO.Compression;
using System.Text;

namespace Sagitta.Tests.Core.Files;

public sealed class NpzReaderTests
{
    [Fact]
    public void Types_have_numpys_codes_and_sizes()
    {
        (NpyType Type, string Code, int Size)[] types = [(NpyType.Of<bool>(), "|b1", 1), (NpyType.Of<byte>(), "|u1", 1),
            (NpyType.Of<sbyte>(), "|i1", 1), (NpyType.Of<short>(), "<i2", 2), (NpyType.Of<ushort>(), "<u2", 2), (
                NpyType.Of<int>(), "<i4", 4),
            (NpyType.Of<uint>(), "<u4", 4), (NpyType.Of<long>(), "<i8", 8), (NpyType.Of<ulong>(), "<u8", 8), (
                NpyType.Of<float>(), "<f4", 4),
            (NpyType.Of<double>(), "<f8", 8)];
        Assert.All(types, type => Assert.Equal((type.Code, type.Size), (type.Type.Code, type.Type.Size)));
        Assert.Equal(2, types.Count(type => type.Type.IsFloatingPoint));
        NpyType structure = new("V", 8, [new("f", NpyType.Of<double>(), 0)]);
        Assert.Equal((true, false, false), (structure.IsStructure, structure.IsFloatingPoint, structure.IsText));
        Assert.Throws<NotSupportedException>(NpyType.Of<char>);
    }

    private static readonly string _structured = TestData.InRepository("data", "numpy", "structured.npz");

    [Fact]
    public void Stored_matrices_and_scalars_of_numpy_are_read()
    {
        using NpzReader reader = new(TestData.InRepository("data", "numpy", "cka.npz"));
        float[] x = reader.Read<float>("X", 64, 16);
        Assert.Equal(-0.07664429396390915, x[0], 1e-12);
        Assert.Equal(0.8006423115730286, x[^1], 1e-12);
        Assert.Equal(0.4945632517337799, reader.Read<float>("cka").Single(), 1e-12);
        Assert.Equal(["X", "Y", "hsic_kk", "hsic_kl", "hsic_ll", "cka"], reader.Names);
    }

    [Fact]
    public void Deflated_structures_of_numpy_are_read_field_by_field()
    {
        using NpzReader reader = new(_structured);
        long[] events = reader.ReadField<long>("raw", "eventID");
        double[] deposits = reader.ReadField<double>("raw", "edep");
        int[] level = reader.ReadField<int>("raw", "level2ID");
        Assert.Equal(172, events.Length);
        Assert.Equal((441, 452), (events[0], events[^1]));
        Assert.Equal((-1, 14), (level[0], level[^1]));
        Assert.Equal(0.03068524261312998, deposits[0]);
        Assert.Equal(7.4609296511651495, deposits.Sum(), 1e-12);
        Assert.Equal(211, reader.Read<bool>("m_nit").Length);
        Assert.Equal(172, reader.ReadConverted<int>("nodes_per_layer").Sum());
    }

    [Fact]
    public void Array_in_Fortran_order_is_turned_round()
    {
        byte[] npy = Npy("{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3), }", [1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6, 0]);
        using NpzReader reader = Archive(npy);
        Assert.Equal([1, 2, 3, 4, 5, 6], reader.Read<short>("a"));
        Assert.Equal([1d, 2, 3, 4, 5, 6], reader.ReadConverted<double>("a"));
    }

    [Theory]
    [InlineData("{'descr': '<U3', 'fortran_order': False, 'shape': (2,), }", "A\0\0\0\u00e9\0\0\0\0\0\0\0B\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("{'descr': '|S2', 'fortran_order': False, 'shape': (2,), }", "A\0B\0")]
    public void Texts_are_read_without_their_padding(string header, string data)
    {
        using NpzReader reader = Archive(Npy(header, Encoding.Latin1.GetBytes(data)));
        string[] texts = reader.ReadTexts("a");
        Assert.Equal(2, texts.Length);
        Assert.Equal(texts[0].Length == 2 ? "A\u00e9" : "A", texts[0]);
        Assert.Equal("B", texts[1]);
    }

    [Fact]
    public void Missing_array_names_those_that_are_there()
    {
        using NpzReader reader = new(_structured);
        BadInputException problem = Assert.Throws<BadInputException>(() => reader.Read<float>("hits"));
        Assert.Contains("structured.npz", problem.Where, StringComparison.Ordinal);
        Assert.Contains("'hits'", problem.Problem, StringComparison.Ordinal);
        Assert.Contains("nodes_per_layer", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_type_shape_and_field_are_named()
    {
        using NpzReader reader = new(_structured);
        Assert.Contains("<f4", Assert.Throws<BadInputException>(() => reader.Read<double>("hit_posX")).Message, StringComparison.Ordinal);
        Assert.Contains("(172,)", Assert.Throws<BadInputException>(() => reader.Read<float>("hit_posX", 171)).Message,
            StringComparison.Ordinal);
        Assert.Contains("posX", Assert.Throws<BadInputException>(() => reader.ReadField<float>("raw", "x")).Message,
            StringComparison.Ordinal);
        Assert.Contains("whole", Assert.Throws<BadInputException>(() => reader.ReadConverted<int>("hit_posX")).Message,
            StringComparison.Ordinal);
        Assert.Contains("structures", Assert.Throws<BadInputException>(() => reader.ReadConverted<int>("raw")).Message,
            StringComparison.Ordinal);
        Assert.Throws<BadInputException>(() => reader.ReadText("hit_posX"));
    }

    [Fact]
    public void Number_that_does_not_fit_is_named()
    {
        using NpzReader reader = Archive(Npy("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }",
            [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]));
        BadInputException problem = Assert.Throws<BadInputException>(() => reader.ReadConverted<int>("a"));
        Assert.Contains("element 1 is 4294967296", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Array_is_held_against_the_shape_that_is_wanted()
    {
        using NpzReader reader = Archive(Npy("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }", new byte[12]));
        foreach (long[] sound in (long[][])[[2, 3], [-1, 3], [2, -1]])
        {
            Assert.Equal(6, reader.Read<short>("a", sound).Length);
        }

        foreach (long[] wrong in (long[][])[[1, 3], [0, 3], [2, 2], [2, 0], [-1, 4], [6], [2, 3, 1], []])
        {
            Assert.Contains("the shape is (2, 3)", Assert.Throws<BadInputException>(() => reader.Read<short>("a", wrong)).Message,
                StringComparison.Ordinal);
        }

        Assert.EndsWith("it should be (any, 4)", Assert.Throws<BadInputException>(() => reader.Read<short>("a", -1, 4)).Message,
            StringComparison.Ordinal);
        Assert.Equal("'a.npz', array 'a': the shape is (2, 3); one number without axes, shape (), is wanted",
            Assert.Throws<BadInputException>(() => reader.ReadScalar<short>("a")).Message);
        using NpzReader scalar = Archive(Npy("{'descr': '<i2', 'fortran_order': False, 'shape': (), }", [7, 1]));
        Assert.Equal(263, scalar.ReadScalar<short>("a"));
    }

    [Fact]
    public void Flags_are_true_where_a_byte_is_not_zero()
    {
        using NpzReader reader = Archive(Npy("{'descr': '|b1', 'fortran_order': False, 'shape': (4,), }", [0, 1, 2, 255]));
        Assert.Equal([0, 1, 1, 1], System.Runtime.InteropServices.MemoryMarshal.AsBytes(reader.Read<bool>("a").AsSpan()).ToArray());
    }

    [Fact]
    public void Text_is_the_only_one_or_bytes_in_a_row()
    {
        using NpzReader bytes = Archive(Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", [.. "\u00e9!"u8]));
        Assert.Equal("\u00e9!", bytes.ReadText("a"));
        using NpzReader one = Archive(Npy("{'descr': '|S3', 'fortran_order': False, 'shape': (), }", [.. "ab\0"u8]));
        Assert.Equal("ab", one.ReadText("a"));
        using NpzReader two = Archive(Npy("{'descr': '|S1', 'fortran_order': False, 'shape': (2,), }", [.. "ab"u8]));
        Assert.Contains("there are 2 texts; one text is wanted", Assert.Throws<BadInputException>(() => two.ReadText("a")).Message,
            StringComparison.Ordinal);
        using NpzReader number = Archive(Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", [7]));
        Assert.Contains("the elements are |u1; texts ('<U..' or '|S..') are wanted",
            Assert.Throws<BadInputException>(() => number.ReadText("a")).Message, StringComparison.Ordinal);
        using NpzReader none = Archive(Npy("{'descr': '<U0', 'fortran_order': False, 'shape': (0,), }", []));
        Assert.Empty(none.ReadTexts("a"));
        using NpzReader empty = Archive(Npy("{'descr': '<U0', 'fortran_order': False, 'shape': (3,), }", []));
        Assert.Contains("0 bytes do not hold (3,) elements", Assert.Throws<BadInputException>(() => empty.ReadTexts("a")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Order_of_Fortran_is_turned_round_for_two_axes_alone()
    {
        using NpzReader reader = Archive(Npy("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2, 2), }", [1, 2, 3, 4]));
        Assert.Contains("an array of more than two axes is in Fortran order",
            Assert.Throws<BadInputException>(() => reader.Read<byte>("a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Twenty_arrays_are_named()
    {
        foreach (int count in (int[])[20, 21])
        {
            MemoryStream bytes = new();
            using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
            {
                for (int i = 1; i <= count; i++)
                {
                    zip.CreateEntry($"a{i}.npy");
                }
            }

            using NpzReader reader = new(bytes, "many.npz");
            Assert.True(reader.Contains("a20") && !reader.Contains("a20.npy"));
            Assert.EndsWith(count == 20 ? ", a19, a20" : ", a19, a20, ...",
                Assert.Throws<BadInputException>(() => reader.Header("b")).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "objects")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "big-endian")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999,), }", "do not hold")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }", "understood")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "understood")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "understood")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)", "understood")]
    [InlineData("((((((((((((((((((((((((((((((", "understood")]
    [InlineData("{'descr': [('a', '<f4', (2,))], 'fortran_order': False, 'shape': (1,)}", "understood")]
    [InlineData("", "understood")]
    public void Head_that_makes_no_sense_is_bad_input(string header, string message)
    {
        using NpzReader reader = Archive(Npy(header, [0, 0, 0, 0]));
        Assert.Contains(message, Assert.Throws<BadInputException>(() => reader.Read<float>("a")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.npy", "a.npy")]
    [InlineData("a.npy", "a")]
    public void Array_given_twice_is_refused_with_both_places(string first, string second)
    {
        MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry(first);
            zip.CreateEntry("between.npy");
            zip.CreateEntry(second);
        }

        string message = Assert.Throws<BadInputException>(() => new NpzReader(bytes, "twice.npz")).Message;
        Assert.Contains($"array 'a' is given twice, as the entries '{first}' (number 1 of the archive) and '{second}' (number 3",
            message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '<U500000000', 'fortran_order': False, 'shape': (0,), }")]
    [InlineData("{'descr': '<U0', 'fortran_order': False, 'shape': (2000000000,), }")]
    [InlineData("{'descr': [('a', '<U500000000'), ('b', '<U500000000')], 'fortran_order': False, 'shape': (0,), }")]
    [InlineData("{'descr': '|S2000000000', 'fortran_order': False, 'shape': (1,), }")]
    [InlineData("{'descr': '|V0', 'fortran_order': False, 'shape': (2000000000,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,), }")]
    public void No_memory_is_taken_for_what_a_head_claims(string header)
    {
        using NpzReader reader = Archive(Npy(header, []));
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (Action read in new Action[] { () => reader.ReadTexts("a"), () => reader.ReadConverted<float>("a"),
            () => reader.Read<float>("a"), () => reader.ReadField<float>("a", "a") })
        {
            try
            {
                read();
            }
            catch (BadInputException)
            {
            }
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void No_memory_is_taken_for_what_a_directory_claims()
    {
        byte[] bytes;
        using (MemoryStream stream = new())
        {
            using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
            {
                using Stream entry = zip.CreateEntry("a.npy", CompressionLevel.Optimal).Open();
                entry.Write(Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2000000000,), }", new byte[100]));
            }

            bytes = stream.ToArray();
        }

        int directory = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(directory + 24), 2_000_000_128);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<BadInputException>(
            () => new NpzReader(new MemoryStream(bytes), "bomb.npz").Read<byte>("a")).Message;
        Assert.Contains("can't hold the 2000000128 that the archive states", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Field_of_a_head_given_twice_is_refused()
    {
        using NpzReader reader = Archive(Npy("{'descr': '<f4', 'shape': (2,), 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0]));
        Assert.Contains("'shape' is given twice", Assert.Throws<BadInputException>(() => reader.Read<float>("a")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_file_and_other_files_are_bad_input()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("text.npz"), "hello, this is no archive");
        Assert.Contains("does not exist", Assert.Throws<BadInputException>(() => new NpzReader(folder.File("none.npz"))).Message,
            StringComparison.Ordinal);
        Assert.Contains("no NPZ archive", Assert.Throws<BadInputException>(() => new NpzReader(folder.File("text.npz"))).Message,
            StringComparison.Ordinal);
        using NpzReader reader = Archive("no array"u8.ToArray());
        Assert.Contains("no .npy array", Assert.Throws<BadInputException>(() => reader.Header("a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_cut_off_anywhere_is_bad_input()
    {
        byte[] whole = File.ReadAllBytes(_structured);
        for (int length = 0; length < whole.Length; length += 13)
        {
            byte[] part = whole[..length];
            Assert.Throws<BadInputException>(() => ReadAll(part));
        }
    }

    [Fact]
    public void Altered_byte_is_bad_input_or_changes_nothing()
    {
        byte[] whole = File.ReadAllBytes(_structured);
        double expected = ReadAll(whole);
        int noticed = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] altered = [.. whole];
            altered[at] ^= 0x41;
            try
            {
                Assert.Equal(expected, ReadAll(altered));
            }
            catch (BadInputException)
            {
                noticed++;
            }
        }

        // What is not noticed are time stamps and attributes in the directory.
        Assert.InRange(noticed, whole.Length * 9 / 10, whole.Length);
    }

    [Fact]
    [Trait("data", "full")]
    public void Every_golden_array_is_read()
    {
        int arrays = 0;
        foreach (string file in Directory.GetFiles(TestData.Full("calorimeter-golden"), "*.npz"))
        {
            using NpzReader reader = new(file);
            foreach (string name in reader.Names)
            {
                NpyHeader header = reader.Header(name);
                if (header.Type.IsStructure)
                {
                    foreach (NpyField field in header.Type.Fields)
                    {
                        Assert.Equal(header.Count, reader.ReadField<double>(name, field.Name).Length);
                    }
                }
                else
                {
                    Assert.Equal(header.Count, reader.ReadConverted<double>(name).Length);
                }

                arrays++;
            }
        }

        Assert.True(arrays > 4000, $"{arrays} arrays");
        using NpzReader frame = new(TestData.Full("calorimeter-golden", "frame_010.npz"));
        Assert.Equal(1443, frame.Read<bool>("hg_edge_mask").Count(removed => removed));
    }

    private static double ReadAll(byte[] archive)
    {
        using NpzReader reader = new(new MemoryStream(archive), "x.npz");
        return reader.ReadField<double>("raw", "edep").Sum() + reader.Read<float>("hit_posX").Sum() + reader.Read<bool>("m_nit").Count(
            b => b)
            + reader.ReadConverted<int>("nodes_per_layer").Sum() + reader.Read<bool>("hit_is_primary").Count(b => b);
    }

    private static byte[] Npy(string header, byte[] data)
    {
        byte[] text = Encoding.ASCII.GetBytes(header + "\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. data];
    }

    private static NpzReader Archive(byte[] npy)
    {
        MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = archive.CreateEntry("a.npy", CompressionLevel.NoCompression).Open();
            entry.Write(npy);
        }

        stream.Position = 0;
        return new(stream, "a.npz");
    }
}
