using System.IO.Compression;
using System.Text;

namespace Sagitta.Tests.Core.Tables;

public sealed class TableFileReadTests
{
    private static readonly ColumnRequest[] _requests =
    [
        new("event", ColumnKind.WholeNumber, "number of the event"),
        new("plane", ColumnKind.Name, "index or name"),
        new("y", ColumnKind.Number, "mm") { Aliases = ["posY"], Low = -1000 },
        new("charge", ColumnKind.Number) { Default = 1, WhenMissing = "1 for every hit" },
        new("road", ColumnKind.Number, "mm") { Optional = true, MayBeUnknown = true },
    ];

    [Theory]
    [InlineData("event,plane,y\n7,A,1.5\n8,B,-2\n")]
    [InlineData("event;plane;y\n7;A;1.5\n8;B;-2\n")]
    [InlineData("event\tplane\ty\r\n7\tA\t1.5\r\n8\tB\t-2\r\n")]
    [InlineData("\"event\",\"plane\",\"y\"\n\"7\",\"A\",\"1.5\"\n8,B,-2\n")]
    [InlineData("\ufeffevent,plane,y\n7,A,1.5\n8,B,-2\n")]
    [InlineData("\n\n event , plane , y \n\n7, A , 1.5\n\n\n  \n8,B,-2.0e0\n\n")]
    [InlineData("what,y,\"a, comment\",plane,event\nx,+1.5,\"1,2\",A,7\nx,-2,\"say \"\"no\"\"\",B,8.0\n")]
    [InlineData("sep=;\nevent;plane;y\n7;A;1.5\n8;B;-2\n")]
    [InlineData("\ufeffsep=;\nevent;plane;y\n7;A;1.5\n8;B;-2\n")]
    [InlineData("event,plane,posY\n7,A,1.5\n8,B,-2\n")]
    [InlineData("sep=|\nevent|plane|y\n7|A|1.5\n8|B|-2\n")]
    [InlineData("\ufeffsep=|\nevent|plane|y\n7|A|1.5\n8|B|-2\n")]
    public void Csv_of_every_dialect_is_read(string text)
    {
        foreach (bool zipped in new[] { false, true })
        {
            ColumnTable table = Read(text, zipped: zipped);
            Assert.Equal([7L, 8], table.Wholes("event"));
            Assert.Equal([1.5, -2], table.Numbers("y"));
            Assert.Equal(["A", "B"], table.Names("plane").Names);
            Assert.Equal([0, 1], table.Names("plane").Code);
            Assert.Equal([1.0, 1], table.Numbers("charge"));
            Assert.Equal(["no column 'charge': 1 for every hit"], table.Notes);
            Assert.False(table.Has("road"));
            Assert.Empty(table.Numbers("road"));
        }
    }

    [Theory]
    [InlineData("a,b;c", "a|b;c")]
    [InlineData("a,b\tc", "a|b\tc")]
    [InlineData("a;b\tc", "a|b\tc")]
    [InlineData("a,b;c;d", "a,b|c|d")]
    [InlineData("a,b\tc\td", "a,b|c|d")]
    [InlineData("a;b\tc\td", "a;b|c|d")]
    [InlineData("\"a;b;c\",d", "a;b;c|d")]
    [InlineData("a\n;;;", "a")]
    public void What_stands_most_often_between_names_separates_them(string text, string names)
    {
        using TableSource source = TableFile.Open(new MemoryStream(Encoding.UTF8.GetBytes(text + "\n")), "hits.csv");
        Assert.Equal(names.Split('|'), source.Names);
    }

    [Theory]
    [InlineData("event,plane,y\n7,A,1.5\n\n8,B,x\n", "line 4, column 'y'", "'x' is not a number")]
    [InlineData("event,plane,y,n\n7,A,1.5,\"two\nlines\"\n8,B,x,n\n", "line 4, column 'y'", "'x' is not a number")]
    [InlineData("\nevent,plane,y\r\n\r\n7,A,\r\n", "line 4, column 'y'", "empty")]
    [InlineData("event;plane;y\n7;A;20,0\n", "line 2, column 'y'", "decimal comma")]
    [InlineData("event,plane,y\n7,A,\"20,0\"\n", "line 2, column 'y'", "decimal comma")]
    [InlineData("event,plane,y\n7,A,\"1,234.5\"\n", "line 2, column 'y'", "thousands")]
    [InlineData("event,plane,y\n7,A,20,0\n", "line 2", "4 fields, the header 3")]
    [InlineData("event,plane,y\n7,A\n", "line 2", "2 fields, the header 3")]
    [InlineData("event,plane,y\n7,A,nan\n", "line 2, column 'y'", "not a finite number")]
    [InlineData("event,plane,y\n7,A,Infinity\n", "line 2, column 'y'", "not a finite number")]
    [InlineData("event,plane,y\n7,A,1e400\n", "line 2, column 'y'", "not a finite number")]
    [InlineData("event,plane,y\n7,A,(5)\n", "line 2, column 'y'", "'(5)' is not a number")]
    [InlineData("event,plane,y\n7,A,$5\n", "line 2, column 'y'", "'$5' is not a number")]
    [InlineData("event,plane,y\n7,A,0x10\n", "line 2, column 'y'", "'0x10' is not a number")]
    [InlineData("event,plane,y\n7,A,-1001\n", "line 2, column 'y'", "below -1000")]
    [InlineData("event,plane,y\n7.5,A,1\n", "line 2, column 'event'", "7.5 is not a whole number")]
    [InlineData("event,plane,y\n1e17,A,1\n", "line 2, column 'event'", "is not a whole number")]
    [InlineData("event,plane,y\n9223372036854775808,A,1\n", "line 2, column 'event'", "is not a whole number")]
    [InlineData("event,plane,y\n7,,1\n", "line 2, column 'plane'", "empty")]
    [InlineData("event,plane,y,y\n7,A,1,2\n", "line 1", "'y' is given twice, as columns 3 and 4")]
    [InlineData("event,plane,y,posY\n7,A,1,2\n", "line 1", "'y' is given twice, as 'y' (column 3) and 'posY' (column 4)")]
    [InlineData("event,plane,y\n9007199254740993.0,A,1\n", "line 2, column 'event'", "that is exact")]
    [InlineData("event,plane,y\n9.007199254740993e15,A,1\n", "line 2, column 'event'", "that is exact")]
    [InlineData("e\0v\0e\0n\0t\0\n", "hits.csv", "zero bytes")]
    [InlineData("\n\r\n", "hits.csv", "the file is empty")]
    [InlineData("event,plane,y\n7,A,\"1\n", "line 2", "quote")]
    [InlineData("event,plane,y\n7,A,\"1\"2\n", "line 2", "quote")]
    [InlineData("", "hits.csv", "the file is empty")]
    [InlineData("1,2,3\n4,5,6\n", "line 1", "begin the file with a header such as event,plane,y")]
    [InlineData("event,plane\n1,2\n", "line 1", "column 'y' (mm) is missing")]
    [InlineData("event,plane\n1,2\n", "line 1", "the file has 'event', 'plane'; tell which is which as in --columns 'y=")]
    [InlineData("\n\r\nevent,plane\n1,2\n", "line 3", "column 'y' (mm) is missing")]
    public void Mistake_is_told_with_its_place(string text, string where, string message)
    {
        BadInputException problem = Assert.Throws<BadInputException>(() => Read(text));
        Assert.Contains("hits.csv", problem.Where, StringComparison.Ordinal);
        Assert.Contains(where, problem.Where, StringComparison.Ordinal);
        Assert.Contains(message, problem.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void All_that_is_missing_is_said_at_once_with_what_the_file_has()
    {
        BadInputException problem = Assert.Throws<BadInputException>(() => Read("evt,chamber,y_cm,t\n1,2,3,4\n"));
        Assert.Equal(
            "hits.csv, line 1: columns 'event' (number of the event), 'plane' (index or name) and 'y' (mm) are missing; the file has "
            + "'evt', "
            + "'chamber', 'y_cm', 't', nearest are 'evt' for 'event', 'evt' for 'plane', 't' for 'y'; tell which is which as in "
                + "--columns "
            + "'event=evt'", problem.Message);
    }

    [Fact]
    public void Whole_numbers_are_shifted_exactly_or_refused()
    {
        const long Largest = 1L << 53;
        ColumnBuffer Shifted(double factor, double offset) => new(new("n", ColumnKind.WholeNumber), new("n", factor, false, offset));
        ColumnBuffer shifted = Shifted(1, 1);
        Assert.Null(shifted.Add(5L));
        Assert.Null(shifted.Add(Largest + 1));
        Assert.Null(shifted.Add((long.MaxValue / 2) - 1));
        Assert.Equal([6, Largest + 2, long.MaxValue / 2], shifted.Wholes);
        Assert.Contains("too large", shifted.Add(long.MaxValue / 2), StringComparison.Ordinal);
        Assert.Contains("too large", shifted.Add(long.MinValue), StringComparison.Ordinal);
        Assert.NotNull(Shifted(1, Largest).Add(1L));
        Assert.NotNull(Shifted(1, 0.5).Add(1L));
        ColumnBuffer halved = Shifted(0.5, 0);
        Assert.Contains("too large", halved.Add(Largest), StringComparison.Ordinal);
        Assert.Null(halved.Add(Largest - 2));
        Assert.Equal([(Largest / 2) - 1], halved.Wholes);
    }

    [Theory]
    [InlineData(-1000, null)]
    [InlineData(5, null)]
    [InlineData(-1000.5, "-1000.5 is below -1000")]
    [InlineData(5.5, "5.5 is not from -1000 to 5")]
    [InlineData(double.NaN, "NaN is not a finite number")]
    [InlineData(double.NegativeInfinity, "-Infinity is not a finite number")]
    public void Borders_of_a_domain_belong_to_it(double value, string? problem)
    {
        Assert.Equal(problem, new ColumnRequest("y", ColumnKind.Number) { Low = -1000, High = 5 }.Problem(value));
        Assert.Null(new ColumnRequest("y", ColumnKind.Number) { MayBeUnknown = true }.Problem(double.NaN));
    }

    [Fact]
    public void Sixty_letters_of_a_text_are_shown()
    {
        Assert.Equal(new string('a', 60), TableSource.Shown(new string('a', 60)));
        Assert.Equal(new string('a', 60) + "...", TableSource.Shown(new string('a', 61)));
    }

    [Fact]
    public void Mapping_names_and_scales()
    {
        ColumnTable table = Read("evt,chamber,y_cm\n9007199254740993,3,1.25\n",
            ColumnMapping.Parse("event=evt,plane=chamber-1,y=y_cm*10+5"));
        Assert.Equal([9007199254740993L], table.Wholes("event"));
        Assert.Equal(["2"], table.Names("plane").Names);
        Assert.Equal([17.5], table.Numbers("y"));

        // Exact beyond 2^53, as from a file of whole numbers.
        table = Read("evt,chamber,y\n9007199254740993,9007199254740993,1\n", ColumnMapping.Parse("event=evt+1,plane=chamber-2"));
        Assert.Equal([9007199254740994L], table.Wholes("event"));
        Assert.Equal(["9007199254740991"], table.Names("plane").Names);
        BadInputException unknown = Assert.Throws<BadInputException>(() => Read("event,plane,y\n1,2,3\n", ColumnMapping.Parse("yy=y")));
        Assert.Contains("did you mean 'y'", unknown.Message, StringComparison.Ordinal);
        BadInputException absent = Assert.Throws<BadInputException>(
            () => Read("event,plane,y\n1,2,3\n", ColumnMapping.Parse("charge=q,y=z")));
        Assert.Contains("'z' and 'q' are missing", absent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_are_exact_and_unknown_ones_are_allowed_where_the_column_says_so()
    {
        ColumnTable table = Read("event,plane,y,road\n9223372036854775807,9007199254740993,1,\n-9223372036854775808,a,1,nan\n3e2,a,1,4\n");
        Assert.Equal([long.MaxValue, long.MinValue, 300], table.Wholes("event"));
        Assert.Equal(["9007199254740993", "a"], table.Names("plane").Names);
        Assert.Equal([double.NaN, double.NaN, 4], table.Numbers("road"));
    }

    [Fact]
    public void A_last_line_without_end_is_noted()
    {
        Assert.Contains("make sure that the file was not cut off", Read("event,plane,y\n7,A,1.5\n8,B,-2").Notes[^1],
            StringComparison.Ordinal);
        Assert.Single(Read("event,plane,y\n7,A,1.5\n8,B,-2\r\n").Notes);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Utf_16_with_its_mark_is_read(string encoding)
    {
        var utf16 = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. utf16.GetPreamble(), .. utf16.GetBytes("event\tplane\ty\n7\tA\t1.5\n")];
        Assert.Equal([1.5], TableFile.Read(new MemoryStream(bytes), "hits.csv", _requests).Numbers("y"));
    }

    [Fact]
    public void A_table_of_one_column_has_its_rows_and_one_of_none_has_no_rows()
    {
        using TableSource source = TableFile.Open(new MemoryStream("event\n7\n8\n9\n"u8.ToArray()), "hits.csv");
        ColumnRequest[] request = [new("event", ColumnKind.WholeNumber)];
        ColumnTable table = source.Read(request);
        Assert.Equal((3, 0L, true), (table.Count, table.FirstRow, table.Has("event")));
        Assert.Equal([7, 8, 9], table.Integers("event"));
        Assert.Contains("hits.csv, line 4, column 'event': no", table.Bad("event", 2, "no", "yes").Message, StringComparison.Ordinal);
        Assert.Contains("hits.csv, line 3, column 'other'", table.Bad("other", 1, "no", "yes").Message, StringComparison.Ordinal);
        table = source.Read([new("other", ColumnKind.Number) { Default = 2 }]);
        Assert.Equal((0, 0L), (table.Count, table.FirstRow));
        Assert.Empty(table.Numbers("other"));
    }

    [Fact]
    public void A_table_may_have_no_rows() => Assert.Equal(0, Read("event,plane,y\n").Count);

    [Fact]
    public void Gzip_cut_off_anywhere_is_bad_input()
    {
        StringBuilder text = new("event,plane,y\n");
        for (int i = 0; i < 300; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},{i % 7},{i * 0.37}\n");
        }

        byte[] whole = Zipped(text.ToString());
        Assert.Equal(300, Read(whole).Count);
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.Contains("hits.csv.gz", Assert.Throws<BadInputException>(() => Read(cut)).Message, StringComparison.Ordinal);
        }

        byte[] altered = [.. whole];
        altered[^3] ^= 1;
        Assert.Contains("cut off", Assert.Throws<BadInputException>(() => Read(altered)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip_of_several_members_is_read_and_a_cut_one_noticed()
    {
        byte[] whole = [.. Zipped("event,plane,y\n1,2,3\n"), .. Zipped("2,3,4\n"), .. Zipped("3,4,5\n")];
        Assert.Equal([1L, 2, 3], Read(whole).Wholes("event"));
        Assert.Throws<BadInputException>(() => Read(whole[..^1]));
        Assert.Throws<BadInputException>(() => Read(whole[..^9]));
    }

    [Fact]
    public void A_name_that_ends_in_gz_promises_gzip_and_a_stream_needs_no_name()
    {
        Assert.Contains("no gzip", Assert.Throws<BadInputException>(() => Read(Encoding.UTF8.GetBytes("event,plane,y\n1,2,3\n"))).Message,
            StringComparison.Ordinal);
        using GZipStream unseekable = new(new MemoryStream(Zipped("event,plane,y\n1,2,3\n")), CompressionMode.Decompress);
        Assert.Equal([3.0], TableFile.Read(unseekable, "standard input", _requests).Numbers("y"));
    }

    [Fact]
    public void Missing_files_and_folders_are_bad_input()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("no such file", Assert.Throws<BadInputException>(() => TableFile.Open(folder.File("a.csv"))).Message,
            StringComparison.Ordinal);
        Assert.Contains("folder", Assert.Throws<BadInputException>(() => TableFile.Open(folder.Name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_files_are_read_beyond_the_first_block()
    {
        StringBuilder text = new("event,plane,y\n");
        for (int i = 0; i < 50_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},{i % 5},{i}.25\n");
        }

        ColumnTable table = Read(text.ToString(), zipped: true);
        Assert.Equal(50_000, table.Count);
        Assert.Equal(49_999.25, table.Numbers("y")[^1]);
        Assert.Equal(5, table.Names("plane").Names.Count);
        Assert.Contains("line 50002", Assert.Throws<BadInputException>(() => Read(text + "x,1,1\n")).Message, StringComparison.Ordinal);
    }

    private static ColumnTable Read(string text, ColumnMapping? mapping = null, bool zipped = false) => zipped ? Read(Zipped(text))
        : TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "hits.csv", _requests, mapping);

    private static ColumnTable Read(byte[] zipped) => TableFile.Read(new MemoryStream(zipped), "hits.csv.gz", _requests);

    private static byte[] Zipped(string text)
    {
        using MemoryStream bytes = new();
        using (GZipStream zip = new(bytes, CompressionLevel.Fastest))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
