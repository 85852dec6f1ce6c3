namespace Sagitta.Tests.Core.Tables;

public sealed class ThriftReaderTests
{
    private static readonly Dictionary<string, Dictionary<int, string>> _shapes = new(StringComparer.Ordinal)
    {
        ["all"] = new() { [1] = "i", [2] = "y", [3] = "b", [4] = "d", [5] = "s", [6] = "[i]", [7] = "inner", [20] = "i" },
        ["inner"] = new() { [1] = "i" },
    };

    [Theory]
    [InlineData(new byte[] { 0x15, 3, 0 }, 1, -2)]
    [InlineData(new byte[] { 0x14, 4, 0 }, 1, 2)]
    [InlineData(new byte[] { 0x16, 0xac, 2, 0 }, 1, 150)]
    [InlineData(new byte[] { 0x16, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0 }, 1, long.MinValue)]
    [InlineData(new byte[] { 0x23, 0x7f, 0 }, 2, 127)]
    [InlineData(new byte[] { 0x31, 0 }, 3, 1)]
    [InlineData(new byte[] { 0x32, 0 }, 3, 0)]
    [InlineData(new byte[] { 0x47, 1, 2, 3, 4, 5, 6, 7, 8, 0 }, 4, 0)]
    [InlineData(new byte[] { 0x58, 3, 97, 98, 99, 0 }, 5, 0)]
    [InlineData(new byte[] { 0x05, 40, 6, 0 }, 20, 3)]
    public void Field_is_read_by_its_type_and_number(byte[] bytes, int field, long expected)
    {
        ThriftReader reader = Reader([.. bytes, 9, 9]);
        ThriftFields fields = reader.Structure("all");
        Assert.True(fields.Has(field));
        Assert.Equal(expected, fields.Number(field));
        Assert.Equal(bytes.Length, reader.At);
        Assert.Equal(1, Enumerable.Range(0, 40).Count(fields.Has));
        Assert.Throws<InvalidDataException>(() => fields.Of(field + 1));
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] cut = bytes[..length];
            Assert.Throws<InvalidDataException>(() => Reader(cut).Structure("all"));
        }
    }

    [Fact]
    public void Lists_and_structures_hold_their_own_fields()
    {
        ThriftFields fields = Reader([0x15, 2, 0x59, 0x25, 2, 3, 0x1c, 0x15, 8, 0, 0]).Structure("all");
        Assert.Equal([1L, -2], fields.List(6).Cast<long>());
        Assert.Equal((1, 4), (fields.Number(1), ((ThriftFields)fields.Of(7)).Number(1)));

        // Fifteen or more have their count behind the head.
        byte[] many = [0x69, 0xf5, 16, .. Enumerable.Range(0, 16).Select(i => (byte)(2 * i)), 0];
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (long)i), Reader(many).Structure("all").List(6).Cast<long>());
        Assert.Empty(Reader([0x69, 0x05, 0]).Structure("all").List(6));
    }

    [Fact]
    public void Fields_that_are_not_known_are_passed_over_where_they_are_no_structures()
    {
        ThriftFields fields = Reader([0x81, 0x18, 2, 1, 1, 0x13, 5, 0x17, 1, 2, 3, 4, 5, 6, 7, 8, 0x15, 4, 0]).Structure("all");
        Assert.Equal([8, 9, 10, 11, 12], Enumerable.Range(0, 40).Where(fields.Has));
        Assert.Equal(2, fields.Number(12));
    }

    [Theory]
    [InlineData("another type", new byte[] { 0x18, 0, 0 })]
    [InlineData("a number as a byte", new byte[] { 0x13, 0, 0 })]
    [InlineData("a byte as a number", new byte[] { 0x25, 0, 0 })]
    [InlineData("a flag as a byte", new byte[] { 0x33, 0, 0 })]
    [InlineData("a number of no type", new byte[] { 0x10, 0, 0 })]
    [InlineData("a structure for a list", new byte[] { 0x6c, 0, 0 })]
    [InlineData("a list for a structure", new byte[] { 0x79, 0, 0 })]
    [InlineData("items of another type", new byte[] { 0x69, 0x18, 0, 0 })]
    [InlineData("more items than bytes", new byte[] { 0x69, 0x35, 2, 2 })]
    [InlineData("more letters than bytes", new byte[] { 0x58, 3, 97, 98 })]
    [InlineData("an unknown list", new byte[] { 0x99, 0x05, 0 })]
    [InlineData("an unknown structure", new byte[] { 0x9c, 0, 0 })]
    [InlineData("an unknown field of no type", new byte[] { 0x90, 0, 0 })]
    [InlineData("a number of more than 64 bits",
        new byte[] { 0x15, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0 })]
    [InlineData("a field twice", new byte[] { 0x15, 2, 0x05, 2, 2, 0 })]
    [InlineData("field 0", new byte[] { 0x05, 0, 2, 0 })]
    [InlineData("field -1", new byte[] { 0x05, 1, 2, 0 })]
    [InlineData("field 32768", new byte[] { 0x05, 0x80, 0x80, 4, 2, 0 })]
    public void Mistake_is_not_read(string mistake, byte[] bytes)
    {
        Assert.NotEmpty(mistake);
        Assert.Throws<InvalidDataException>(() => Reader(bytes).Structure("all"));
    }

    [Fact]
    public void Last_number_of_a_field_is_32767() => Assert.Equal(1, Reader([0x05, 0xfe, 0xff, 3, 2, 0]).Structure("all").Number(32767));

    private static ThriftReader Reader(byte[] bytes) => new(bytes, _shapes, fits =>
    {
        if (!fits)
        {
            throw new InvalidDataException();
        }
    });
}
