namespace Sagitta.Tests.Core.Tables;

/// <summary>Tables that were cut off or altered on their way: refused in one line, or read as they were.</summary>
public sealed class DamagedTableTests
{
    private static readonly ColumnRequest[] _requests = [new("event", ColumnKind.WholeNumber), new("y", ColumnKind.Number)];

    [Theory]
    [InlineData("hits.csv.gz")]
    [InlineData("hits.npz")]
    [InlineData("hits.parquet")]
    [InlineData("hits.arrow")]
    [InlineData("hits.h5")]
    public void File_cut_off_anywhere_is_bad_input(string name)
    {
        byte[] whole = Written(name);
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.Throws<BadInputException>(() => Read(cut, name));
        }
    }

    [Theory]
    [InlineData("hits.csv.gz")]
    [InlineData("hits.npz")]
    [InlineData("hits.parquet")]
    public void Flipped_bit_is_bad_input_or_changes_nothing(string name)
    {
        byte[] whole = Written(name);
        (long, double) expected = Read(whole, name);
        for (int bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] altered = [.. whole];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(expected, Read(altered, name));
            }
            catch (BadInputException)
            {
            }
        }
    }

    [Fact]
    public void Number_beyond_32_bits_is_bad_input_where_such_are_wanted()
    {
        ColumnTable table = TableFile.Read(new MemoryStream("event,y\n1,2\n2147483648,3\n"u8.ToArray()), "hits.csv", _requests);
        BadInputException problem = Assert.Throws<BadInputException>(() => table.Integers("event"));
        Assert.Contains("line 3, column 'event': 2147483648 does not fit", problem.Message, StringComparison.Ordinal);
    }

    // Other programs write no checksum of the whole: a number may then be another one, but nothing else may happen.
    [Fact]
    public void Flipped_bit_of_a_parquet_file_of_another_program_is_bad_input_or_another_number()
    {
        byte[] whole = Written("hits.parquet");
        int package = whole.AsSpan().LastIndexOf("Parquet.Net"u8);
        "Other-Maker"u8.CopyTo(whole.AsSpan(package));
        (long, double) expected = Read(whole, "hits.parquet");
        Assert.Equal(Read(Written("hits.parquet"), "hits.parquet"), expected);
        int refused = 0;
        for (int bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] altered = [.. whole];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Read(altered, "hits.parquet");
            }
            catch (BadInputException problem)
            {
                refused++;
                Assert.DoesNotContain('\n', problem.Message);
            }
        }

        Assert.True(refused > whole.Length, $"{refused} of {8 * whole.Length} were refused");
    }

    private static byte[] Written(string name)
    {
        using TemporaryFolder folder = new();
        TableFile.Write(folder.File(name), [OutputColumn.Of<long>("event", "", [1, 2, 3, 2]),
            OutputColumn.Of("y", "mm", [0.5, 1.5, 2, 0.5])]);
        return File.ReadAllBytes(folder.File(name));
    }

    private static (long Events, double Y) Read(byte[] bytes, string name)
    {
        ColumnTable table = TableFile.Read(new MemoryStream(bytes), name, _requests);
        return (table.Wholes("event").Aggregate(0L, (sum, number) => unchecked((31 * sum) + number)), table.Numbers("y").Sum());
    }
}
