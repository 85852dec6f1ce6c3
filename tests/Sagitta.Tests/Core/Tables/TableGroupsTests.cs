using System.IO.Compression;
using System.Text;

namespace Sagitta.Tests.Core.Tables;

/// <summary>Tables of any length some groups of rows at a time.</summary>
public sealed class TableGroupsTests
{
    private const int Groups = 30_000;
    private static readonly ColumnRequest[] _requests =
        [new("event", ColumnKind.WholeNumber), new("plane", ColumnKind.Name), new("y", ColumnKind.Number) { High = 1e6 }];

    public static TheoryData<string> Formats => ["t.csv", "t.csv.gz", "t.npz", "t.parquet", "structured.npz"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Groups_of_a_file_in_order_come_in_parts_and_are_its_rows(string name)
    {
        using TemporaryFolder folder = new();
        string file = Written(folder, name, [.. Rows(Groups)]);
        ColumnTable whole = TableFile.Read(file, _requests);
        List<ColumnTable> parts = Parts(file);
        Assert.Equal(Groups / 4096 + 1, parts.Count);
        Assert.Equal(whole.Wholes("event"), parts.SelectMany(part => part.Wholes("event")));
        Assert.Equal(whole.Numbers("y"), parts.SelectMany(part => part.Numbers("y")));
        Assert.Equal(Named(whole), parts.SelectMany(Named));
        long row = 0;
        foreach (ColumnTable part in parts)
        {
            Assert.Equal(row, part.FirstRow);
            row += part.Count;
        }

        // A group is never cut.
        Assert.All(parts.Zip(parts.Skip(1)), pair => Assert.NotEqual(pair.First.Wholes("event")[^1], pair.Second.Wholes("event")[0]));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Rows_in_another_order_come_at_once(string name)
    {
        using TemporaryFolder folder = new();
        (long Event, string Plane, double Y)[] rows = [.. Rows(6000).Append((3, "0", 1.5))];
        Assert.Equal(rows.Select(row => row.Event), Assert.Single(Parts(Written(folder, name, rows))).Wholes("event"));
    }

    [Theory]
    [InlineData("t.csv", "t.csv, line 40002, column 'y'")]
    [InlineData("t.csv.gz", "t.csv.gz, line 40002, column 'y'")]
    [InlineData("t.npz", "array 'y', element 40000")]
    [InlineData("structured.npz", "field 'y', element 40000")]
    [InlineData("t.parquet", "column 'y', row 40000")]
    public void Value_that_is_refused_is_named_by_its_place_in_the_whole_file(string name, string place)
    {
        using TemporaryFolder folder = new();
        string file = Written(folder, name, [.. Rows(20_000).Append((20_000, "0", 2e6))]);
        Assert.Contains(place, Assert.Throws<BadInputException>(() => Parts(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.csv.gz")]
    public void Pipe_of_text_comes_in_parts_and_must_ascend_but_within_a_part(string name)
    {
        using TemporaryFolder folder = new();
        (long Event, string Plane, double Y)[] rows = [.. Rows(10_000)];
        (rows[4], rows[9]) = (rows[9], rows[4]);
        Assert.Equal(rows.Select(row => row.Event), Parts(Pipe(Written(folder, name, rows))).SelectMany(part => part.Wholes("event")));
        File.Delete(folder.File(name));
        (rows[4], rows[19_000]) = (rows[19_000], rows[4]);
        BadInputException problem = Assert.Throws<BadInputException>(() => Parts(Pipe(Written(folder, name, rows))));
        Assert.Contains("line 8", problem.Message, StringComparison.Ordinal);
        Assert.Contains("whose tracks are out already; sort the rows by event", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t.npz")]
    [InlineData("t.parquet")]
    public void Pipe_of_another_format_comes_in_parts_and_in_any_order(string name)
    {
        using TemporaryFolder folder = new();
        (long Event, string Plane, double Y)[] rows = [.. Rows(10_000)];
        Assert.Equal(3, Parts(Pipe(Written(folder, name, rows))).Count);
        File.Delete(folder.File(name));
        Array.Reverse(rows);
        Assert.Single(Parts(Pipe(Written(folder, name, rows))));
    }

    [Fact]
    public void Columns_of_other_lengths_are_refused_before_a_row_comes_out()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("t.npz");
        using (NpzWriter writer = new(file))
        {
            writer.Add<long>("event", [1, 2, 3]);
            writer.Add<int>("plane", [0, 1]);
            writer.Add<double>("y", [0, 1, 2]);
            writer.Commit();
        }

        BadInputException problem = Assert.Throws<BadInputException>(() => Parts(file));
        Assert.Contains("column 'plane' has 2 rows, 'event' has 3", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.npz")]
    [InlineData("t.parquet")]
    public void Table_without_rows_is_one_empty_part(string name)
    {
        using TemporaryFolder folder = new();
        Assert.Equal(0, Assert.Single(Parts(Written(folder, name, []))).Count);
    }

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.csv.gz")]
    [InlineData("t.npz")]
    [InlineData("t.parquet")]
    public void Rows_that_are_written_while_they_come_are_those_of_a_table_at_once(string name)
    {
        using TemporaryFolder folder = new();
        (long Event, string Plane, double Y)[] rows = [.. Rows(100)];
        File.Delete(Written(folder, name, rows));
        TableFile.Write(folder.File(name), Stream.Null, rows, Columns);
        byte[] streamed = File.ReadAllBytes(folder.File(name));
        TableFile.Write(folder.File("once-" + name), Columns(rows));
        Assert.Equal(File.ReadAllBytes(folder.File("once-" + name)), streamed);
        TableFile.Write(folder.File("none-" + name), Stream.Null, Array.Empty<(long, string, double)>(), Columns);
        Assert.Equal(["event", "plane", "y"], TableFile.Open(folder.File("none-" + name)).Names);
    }

    [Fact]
    public void Text_that_is_written_while_it_comes_is_flushed()
    {
        MemoryStream output = new();
        IEnumerable<(long, string, double)> Watched()
        {
            for (int row = 0; row < 1000; row++)
            {
                Assert.InRange(row - output.ToArray().Count(character => character == '\n'), -1, 256);
                yield return (row, "0", 1);
            }
        }

        TableFile.Write("-", output, Watched(), Columns);
        Assert.Equal(1001, output.ToArray().Count(character => character == '\n'));
    }

    private static List<ColumnTable> Parts(string file)
    {
        using TableSource source = TableFile.Open(file);
        return [.. source.ReadGroups(_requests, null, "event")];
    }

    private static List<ColumnTable> Parts(Stream stream)
    {
        using TableSource source = TableFile.Open(stream, "a pipe");
        return [.. source.ReadGroups(_requests, null, "event")];
    }

    // Forward only, as a pipe is.
    private static BegunStream Pipe(string file) => new(ReadOnlyMemory<byte>.Empty, File.OpenRead(file));

    internal static IEnumerable<string> Named(ColumnTable table) =>
        table.Names("plane").Code.Select(code => table.Names("plane").Names[code]);

    internal static IEnumerable<(long Event, string Plane, double Y)> Rows(int groups) => Enumerable.Range(0, 2 * groups)
        .Select(row => ((long)row / 2, $"P{row % 3}", row % 17 * 0.25));

    private static OutputColumn[] Columns(IReadOnlyList<(long Event, string Plane, double Y)> rows) =>
    [
        OutputColumn.Of("event", "", [.. rows.Select(row => row.Event)]), OutputColumn.Of("plane", [.. rows.Select(row => row.Plane)]),
        OutputColumn.Of("y", "mm", [.. rows.Select(row => row.Y)]),
    ];

    internal static string Written(TemporaryFolder folder, string name, IReadOnlyList<(long Event, string Plane, double Y)> rows)
    {
        string file = folder.File(name);
        if (!name.StartsWith("structured", StringComparison.Ordinal))
        {
            TableFile.Write(file, Stream.Null, rows, Columns);
            return file;
        }

        // numpy.savez(file, hits=records): what our own writer does not make.
        using ZipArchive archive = ZipFile.Open(file, ZipArchiveMode.Create);
        using BinaryWriter writer = new(archive.CreateEntry("hits.npy").Open());
        string head =
            $"{{'descr': [('event', '<i8'), ('plane', '<U2'), ('y', '<f8')], 'fortran_order': False, 'shape': ({rows.Count},), }}\n";
        writer.Write([0x93, .. "NUMPY"u8, 1, 0]);
        writer.Write((ushort)head.Length);
        writer.Write(Encoding.ASCII.GetBytes(head));
        foreach ((long number, string plane, double y) in rows)
        {
            writer.Write(number);
            writer.Write(Encoding.UTF32.GetBytes(plane.PadRight(2, '\0')));
            writer.Write(y);
        }

        return file;
    }
}
