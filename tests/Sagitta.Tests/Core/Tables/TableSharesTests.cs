namespace Sagitta.Tests.Core.Tables;

/// <summary>What one of several processes reads of a table.</summary>
public sealed class TableSharesTests
{
    private const int Groups = 30_000;
    private static readonly ColumnRequest[] _requests =
        [new("event", ColumnKind.WholeNumber), new("plane", ColumnKind.Name), new("y", ColumnKind.Number) { High = 1e6 }];

    public static TheoryData<string> Formats =>
        ["t.csv", "t.csv.gz", "t.npz", "structured.npz", "t.parquet", "t.arrow", "t.h5"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Shares_are_the_table_and_know_their_places(string name)
    {
        using TemporaryFolder folder = new();
        string file = TableGroupsTests.Written(folder, name, [.. TableGroupsTests.Rows(Groups)]);
        ColumnTable whole = TableFile.Read(file, _requests);
        foreach (int count in new[] { 1, 2, 7 })
        {
            List<ColumnTable> parts = [.. Enumerable.Range(1, count).SelectMany(number => Share(file, number, count))];
            Assert.Equal(whole.Wholes("event"), parts.SelectMany(part => part.Wholes("event")));
            Assert.Equal(whole.Numbers("y"), parts.SelectMany(part => part.Numbers("y")));
            Assert.Equal(TableGroupsTests.Named(whole), parts.SelectMany(TableGroupsTests.Named));
            long row = 0;
            foreach (ColumnTable part in parts)
            {
                Assert.Equal(row, part.FirstRow);
                row += part.Count;
            }
        }

        Assert.InRange(Share(file, 3, 7).Sum(part => part.Count), (2 * Groups / 7) - 2, (2 * Groups / 7) + 2);
    }

    [Theory]
    [InlineData("t.csv", "line 80002")]
    [InlineData("t.csv.gz", "line 80002")]
    [InlineData("t.npz", "element 80000")]
    [InlineData("structured.npz", "element 80000")]
    [InlineData("t.parquet", "row 80000")]
    [InlineData("t.arrow", "row 80000")]
    public void Rows_of_other_parts_are_not_looked_at(string name, string place)
    {
        using TemporaryFolder folder = new();
        string file = TableGroupsTests.Written(folder, name, [.. TableGroupsTests.Rows(40_000), (40_000, "0", 2e6)]);
        Assert.NotEmpty(Share(file, 1, 5));
        Assert.Contains(place, Assert.Throws<BadInputException>(() => Share(file, 5, 5)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("event,plane,y\n", "\n", true)]
    [InlineData("event,plane,y\r\n", "\r\n", false)]
    [InlineData("\n\nevent,plane,y\n", "\n", false)]
    [InlineData("event,\"plane\",y\n", "\n", false)]
    [InlineData("plane;y;event\n", "\n", true)]
    public void Text_is_looked_at_quickly_where_each_line_is_a_row(string head, string end, bool quick)
    {
        using TemporaryFolder folder = new();
        string file = folder.File("t.csv");
        bool turned = head.StartsWith("plane", StringComparison.Ordinal);
        string[] rows = [.. TableGroupsTests.Rows(9_000).Select(row => turned
            ? FormattableString.Invariant($"{row.Plane};{row.Y};{row.Event}")
                : FormattableString.Invariant($"{row.Event},{row.Plane},{row.Y}"))];
        File.WriteAllText(file, head + string.Concat(rows.Select(row => row + end)));
        GroupIndex index = Index(file);
        Assert.Equal((9_000, quick), (index.Count, index.IsPlain));
        List<ColumnTable> parts = Share(file, 2, 2);
        Assert.Equal(4_500, parts[0].Wholes("event")[0]);
        Assert.Equal(18_000, parts[^1].FirstRow + parts[^1].Count);

        // Its line, counted from the first of the file.
        File.AppendAllText(file, turned ? $"P1;no;9000{end}" : $"9000,P1,no{end}");
        int line = 18_001 + head.Count(character => character == '\n');
        Assert.Contains($"t.csv, line {line}, column 'y'", Assert.Throws<BadInputException>(() => Share(file, 2, 2)).Message,
            StringComparison.Ordinal);
    }

    // Groups of one row each: whoever looks past a row misses a group.
    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.npz")]
    public void Groups_of_one_row_are_counted_from_the_first_to_the_last(string name)
    {
        const int Count = 12_289;
        using TemporaryFolder folder = new();
        string file = TableGroupsTests.Written(folder, name, [.. Enumerable.Range(5, Count).Select(i => ((long)i, "P", 1.0))]);
        GroupIndex index = Index(file);
        Assert.Equal((Count, true), (index.Count, index.Ascends));
        Assert.Equal([(0L, 0L), (4096, 4096), (8192, 8192), (12_288, 12_288)], index.Marks);
        using (TableSource source = TableFile.Open(file))
        {
            Assert.Equal([4096, 4096, 4096, 1], source.ReadGroups(_requests, null, "event").Select(part => part.Count));
        }

        Assert.Equal([1755, 1756, 1755, 1756, 1755, 1756, 1756], Enumerable.Range(1, 7)
            .Select(number => Share(file, number, 7).Sum(part => part.Count)));
        foreach (int number in (int[])[1, 4, 7])
        {
            List<ColumnTable> parts = Share(file, number, 7);
            long first = (long)Count * (number - 1) / 7;
            Assert.Equal(first, parts[0].FirstRow);
            Assert.Equal(first + 5, parts[0].Wholes("event")[0]);
        }
    }

    [Fact]
    public void Last_row_behind_a_block_is_read()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("t.npz");
        using (NpzWriter writer = new(file))
        {
            writer.Add<int>("event", new int[(1 << 16) + 1]);
            writer.Commit();
        }

        using TableSource source = TableFile.Open(file);
        Assert.Equal((1 << 16) + 1, source.ReadGroups([new("event", ColumnKind.WholeNumber)], null, "event").Sum(part => part.Count));
    }

    // Groups of a thousand rows, marks of 4096: what is passed over ends within one of them.
    [Theory]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    public async Task Rows_are_passed_over_up_to_the_middle_of_a_group(string name)
    {
        const int Count = 9_000;
        using TemporaryFolder folder = new();
        string file = folder.File(name);
        long[][] parts = [.. Enumerable.Range(0, Count).Select(i => (long)i).Chunk(1_000)];
        if (name == "t.arrow")
        {
            await using FileStream stream = File.Create(file);
            ArrowSource.Write(stream, parts.Select(part => (IReadOnlyList<OutputColumn>)[OutputColumn.Of("event", "", part)]));
        }
        else
        {
            Parquet.Schema.ParquetSchema schema = new(new Parquet.Schema.DataField<long>("event"));
            await using FileStream stream = File.Create(file);
            await using Parquet.ParquetWriter writer = await Parquet.ParquetWriter.CreateAsync(schema, stream);
            foreach (long[] part in parts)
            {
                using Parquet.ParquetRowGroupWriter rows = writer.CreateRowGroup();
                await rows.WriteAsync<long>(schema.DataFields[0], part);
            }
        }

        ColumnRequest[] wanted = [new("event", ColumnKind.WholeNumber)];
        using TableSource source = TableFile.Open(file);
        GroupIndex index = source.Index(wanted, null, "event");
        Assert.Equal([(0L, 0L), (4096, 4096), (8192, 8192)], index.Marks);
        List<long> seen = [];
        for (int number = 1; number <= 3; number++)
        {
            foreach (ColumnTable part in source.ReadGroups(wanted, null, "event", ShareOf(index, number, 3)))
            {
                Assert.Equal(seen.Count, part.FirstRow);
                seen.AddRange(part.Wholes("event"));
            }
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), seen);
    }

    [Theory]
    [InlineData("8000,P1,\"1\"\n", false)]
    [InlineData("8000,P1,1\r\n", false)]
    [InlineData("8000,P1,1\n", true)]
    public void Text_must_be_plain_to_its_end_to_be_looked_at_quickly(string last, bool quick)
    {
        using TemporaryFolder folder = new();
        string file = folder.File("t.csv");
        string rows = string.Concat(Enumerable.Range(0, 8_000).Select(i => $"{i},P1,0.125\n"));
        Assert.True(rows.Length > 1 << 16);
        File.WriteAllText(file, $"event,plane,y\n{rows}{last}");
        GroupIndex index = Index(file);
        Assert.Equal((8_001, quick), (index.Count, index.IsPlain));
    }

    [Fact]
    public void More_parts_than_groups_leave_some_with_nothing()
    {
        using TemporaryFolder folder = new();
        string file = TableGroupsTests.Written(folder, "t.csv", [.. TableGroupsTests.Rows(3)]);
        Assert.Equal([0, 2, 0, 2, 2], Enumerable.Range(1, 5).Select(number => Share(file, number, 5).Sum(part => part.Count)));
    }

    [Fact]
    public void Bytes_of_other_parts_are_passed_over_in_an_archive_that_is_not_compressed()
    {
        using TemporaryFolder folder = new();
        string file = TableGroupsTests.Written(folder, "t.npz", [.. TableGroupsTests.Rows(Groups)]);
        GroupIndex index = Index(file);
        long Read(int number)
        {
            using CountingStream stream = new(file);
            using TableSource source = TableFile.Open(stream, "t.npz");
            _ = source.ReadGroups(_requests, null, "event", ShareOf(index, number, 20)).Count();
            return stream.Count;
        }

        // Heads, and some rows before the first that begins a group.
        long length = new FileInfo(file).Length;
        Assert.InRange(Read(15), length / 20, length / 5);

        // The first of 20 compares the checksum of the first of three arrays.
        Assert.InRange(Read(1), length / 4, length / 2);
    }

    [Fact]
    public void Groups_that_do_not_count_are_in_one_part_each()
    {
        using TemporaryFolder folder = new();
        (long Event, string Plane, double Y)[] rows = [.. TableGroupsTests.Rows(Groups)];
        string file = TableGroupsTests.Written(folder, "t.csv", rows);
        ColumnRequest[] requests = [new("event", ColumnKind.WholeNumber), new("plane", ColumnKind.Name), new("y", ColumnKind.Number)];
        using TableSource source = TableFile.Open(file);
        GroupIndex index = source.Index([.. requests, new("again", ColumnKind.WholeNumber) { Optional = true }],
            ColumnMapping.Parse("again=event"), "event", ("again", number => number % 3 == 0));
        Assert.Equal(Groups / 3, index.Count);
        List<long> seen = [];
        for (int number = 1; number <= 4; number++)
        {
            ColumnTable[] parts = [.. source.ReadGroups([.. requests, new("again", ColumnKind.WholeNumber)],
                ColumnMapping.Parse("again=event"), "event", ShareOf(index, number, 4))];
            Assert.Equal(Groups / 12, parts.SelectMany(part => part.Wholes("event")).Distinct().Count(e => e % 3 == 0));
            seen.AddRange(parts.SelectMany(part => part.Wholes("event")));
        }

        Assert.Equal(rows.Select(row => row.Event), seen);
    }

    [Theory]
    [InlineData("t.csv.gz")]
    [InlineData("t.npz")]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    public void File_that_was_cut_off_in_the_part_of_another_is_refused(string name)
    {
        using TemporaryFolder folder = new();
        string file = TableGroupsTests.Written(folder, name, [.. TableGroupsTests.Rows(Groups)]);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^2000]);
        Assert.Throws<BadInputException>(() => Share(file, 1, 3));
    }

    [Fact]
    public void Text_that_was_cut_off_in_the_part_of_another_is_noted()
    {
        using TemporaryFolder folder = new();
        string file = TableGroupsTests.Written(folder, "t.csv", [.. TableGroupsTests.Rows(Groups)]);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
        Assert.Contains("the last line has no end", string.Join('\n', Share(file, 1, 3)[0].Notes), StringComparison.Ordinal);
    }

    internal static ReadShare ShareOf(GroupIndex index, int number, int count)
    {
        long first = index.Count * (number - 1) / count;
        return new(index, first, (index.Count * number / count) - first, new("t", number, count, "command"));
    }

    private static GroupIndex Index(string file)
    {
        using TableSource source = TableFile.Open(file);
        return source.Index(_requests, null, "event");
    }

    private static List<ColumnTable> Share(string file, int number, int count)
    {
        using TableSource source = TableFile.Open(file);
        return [.. source.ReadGroups(_requests, null, "event", ShareOf(Index(file), number, count))];
    }
}
