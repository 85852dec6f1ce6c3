using System.Runtime.InteropServices;
using PureHDF;

namespace Sagitta.Tests.Core.Tables;

public sealed class Hdf5SourceTests
{
    private static readonly ColumnRequest[] _requests = [new("n", ColumnKind.WholeNumber), new("y", ColumnKind.Number)];

    [Fact]
    public void Compound_data_set_is_a_table()
    {
        using TemporaryFolder folder = new();
        new H5File { ["records"] = new Row[] { new() { n = 7, y = 0.5 }, new() { n = -8, y = 1.5 } } }.Write(folder.File("t.h5"));
        Check(TableFile.Read(folder.File("t.h5"), _requests));
        BadInputException problem = Assert.Throws<BadInputException>(
            () => TableFile.Read(folder.File("t.h5"), [new("y", ColumnKind.Number) { High = 1 }]));
        Assert.Contains("t.h5', column 'y', row 1: 1.5 is not from", problem.Message, StringComparison.Ordinal);
        Assert.Contains("column 'z' is missing; the file has 'n', 'y'", Assert.Throws<BadInputException>(
            () => TableFile.Read(folder.File("t.h5"), [new("z", ColumnKind.Number)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_is_the_root_or_the_hits_or_the_only_one()
    {
        Check(Read("", new() { ["n"] = new long[] { 7, -8 }, ["y"] = new double[] { 0.5, 1.5 }, ["hits"] = Table(1) }));
        Check(Read("", new() { ["events"] = Table(1), ["hits"] = Table(0) }));
        Check(Read("", new() { ["tracks"] = Table(0) }));
        Check(Read("tracks", new() { ["events"] = Table(1), ["hits"] = Table(1), ["tracks"] = Table(0) }));
        Check(Read("t", new() { ["hits"] = Table(1), ["t"] = Table(0) }));
        Assert.Contains("there is no group of columns", Assert.Throws<BadInputException>(
            () => Read("", new() { ["events"] = Table(0), ["tracks"] = Table(0) })).Message, StringComparison.Ordinal);
        Assert.Contains("there is no group of columns", Assert.Throws<BadInputException>(
            () => Read("", [])).Message, StringComparison.Ordinal);
        Assert.Contains("there is no group or data set 'hits'", Assert.Throws<BadInputException>(
            () => Read("hits", new() { ["tracks"] = Table(0) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_sets_of_more_axes_and_of_other_types_are_no_columns()
    {
        H5File file = new() { ["n"] = new long[] { 7, -8 }, ["y"] = new double[] { 0.5, 1.5 }, ["image"] = new double[2, 3] };
        Check(Read("", file));
        using TemporaryFolder folder = new();
        file.Write(folder.File("t.h5"));
        using TableSource source = TableFile.Open(folder.File("t.h5"));
        Assert.Equal(["n", "y"], source.Names);
    }

    [Fact]
    public void Units_are_attributes_and_tables_are_known_by_name()
    {
        using TemporaryFolder folder = new();
        TableFile.Write(folder.File("t.h5"), ("", [OutputColumn.Of("y", "mm", [1.0])]), ("hits", [OutputColumn.Of("n", "", [1])]));
        using (PureHDF.VOL.Native.NativeFile root = H5File.OpenRead(folder.File("t.h5")))
        {
            Assert.Equal("mm", root.Dataset("y").Attribute("unit").Read<string>());
            Assert.Empty(root.Dataset("hits/n").Attributes());
        }

        Assert.True(Hdf5Source.Holds(folder.File("t.h5"), "hits"));
        Assert.False(Hdf5Source.Holds(folder.File("t.h5"), "tracks"));
        File.WriteAllText(folder.File("t.csv"), "hits\n1\n");
        Assert.False(Hdf5Source.Holds(folder.File("t.csv"), "hits"));
        File.WriteAllText(folder.File("t.csv"), "hi");
        Assert.False(Hdf5Source.Holds(folder.File("t.csv"), "hi"));
    }

    [Fact]
    public void Columns_of_different_lengths_are_refused() =>
        Assert.Contains("column 'y' has 3 rows, 'n' has 2; give columns of equal length", Assert.Throws<BadInputException>(() => Read(
            "", new() { ["n"] = new long[] { 7, -8 }, ["y"] = new double[] { 0.5, 1.5, 2.5 } })).Message, StringComparison.Ordinal);

    [Fact]
    public void Heads_that_were_altered_are_refused_by_their_checksum()
    {
        using TemporaryFolder folder = new();
        new H5File { ["n"] = new long[] { 7, -8 }, ["y"] = new double[] { 0.5, 1.5 } }.Write(folder.File("t.h5"));
        byte[] sound = File.ReadAllBytes(folder.File("t.h5"));
        Check(TableFile.Read(folder.File("t.h5"), _requests));
        int head = sound.AsSpan().IndexOf("OHDR"u8);
        foreach (int place in (int[])[16, head + 20, head + 40])
        {
            byte[] altered = [.. sound];
            altered[place] ^= 1;
            File.WriteAllBytes(folder.File("t.h5"), altered);
            Assert.Contains("this HDF5 file is damaged", Assert.Throws<BadInputException>(
                () => TableFile.Read(folder.File("t.h5"), _requests)).Message, StringComparison.Ordinal);
        }

        sound[16] ^= 1;
        File.WriteAllBytes(folder.File("t.h5"), sound);
        Assert.Throws<BadInputException>(() => Hdf5Source.Holds(folder.File("t.h5"), "hits"));
    }

    // What was deleted stays in a file, in pieces.
    [Theory]
    [InlineData("earliest.h5")]
    [InlineData("latest.h5")]
    public void What_nobody_reads_may_be_damaged(string name)
    {
        using TemporaryFolder folder = new();
        byte[] whole = File.ReadAllBytes(TestData.InRepository("data", "h5py", name));
        File.WriteAllBytes(folder.File("t.h5"), [.. whole, .. "OHDR"u8, 2, 0, 20, 16, 16, .. new byte[40], .. "GCOL"u8, 1, 0, 0, 0,
            .. Enumerable.Repeat((byte)0x7F, 40), .. "SNOD"u8, 1, 0, 0xFF, 0xFF, .. new byte[40], .. "FAHD"u8, 0, .. new byte[40]]);
        Assert.Equal(20, TableFile.Read(folder.File("t.h5"), [new("event", ColumnKind.WholeNumber)]).Wholes("event").Length);
    }

    [Theory]
    [InlineData("earliest.h5")]
    [InlineData("latest.h5")]
    public void Files_of_h5py_are_read(string name)
    {
        ColumnTable table = TableFile.Read(TestData.InRepository("data", "h5py", name), [new("event", ColumnKind.WholeNumber),
            new("plane", ColumnKind.WholeNumber), new("y", ColumnKind.Number), new("name", ColumnKind.Name)]);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i / 4L), table.Wholes("event"));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i % 4L), table.Wholes("plane"));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => -1 + (i * (2.0 / 19))), table.Numbers("y"), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(["m0", "m1", "m2"], table.Names("name").Names);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i % 3), table.Names("name").Code);
    }

    private static ColumnTable Read(string table, H5File file)
    {
        using TemporaryFolder folder = new();
        file.Write(folder.File("t.h5"));
        using TableSource source = TableFile.Open(folder.File("t.h5"), table);
        return source.Read(_requests);
    }

    private static void Check(ColumnTable table)
    {
        Assert.Equal([7L, -8], table.Wholes("n"));
        Assert.Equal([0.5, 1.5], table.Numbers("y"));
    }

    private static H5Group Table(int shift) => new() { ["n"] = new long[] { 7 + shift, -8 }, ["y"] = new double[] { 0.5, 1.5 } };

#pragma warning disable IDE1006, SA1307 // Names in the file.
    [StructLayout(LayoutKind.Sequential)]
    private struct Row
    {
        public long n;
        public double y;
    }
#pragma warning restore IDE1006, SA1307
}
