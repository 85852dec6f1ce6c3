using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Sagitta.Tests.Core.Tables;

public sealed class ArrowSourceTests
{
    [Fact]
    public void Numbers_of_every_type_are_read_and_whole_ones_are_exact()
    {
        (string Name, IArrowArray Array, long Low, long High)[] wholes =
        [
            ("bool", new BooleanArray.Builder().Append(false).Append(true).AppendNull().Build(), 0, 1),
            ("sbyte", new Int8Array.Builder().Append(-128).Append(127).AppendNull().Build(), -128, 127),
            ("byte", new UInt8Array.Builder().Append(0).Append(255).AppendNull().Build(), 0, 255),
            ("short", new Int16Array.Builder().Append(short.MinValue).Append(short.MaxValue).AppendNull().Build(), -32768, 32767),
            ("ushort", new UInt16Array.Builder().Append(0).Append(65535).AppendNull().Build(), 0, 65535),
            ("int", new Int32Array.Builder().Append(int.MinValue).Append(int.MaxValue).AppendNull().Build(), int.MinValue, int.MaxValue),
            ("uint", new UInt32Array.Builder().Append(0).Append(uint.MaxValue).AppendNull().Build(), 0, uint.MaxValue),
            ("long", new Int64Array.Builder().Append(long.MinValue).Append(long.MaxValue).AppendNull().Build(),
                long.MinValue, long.MaxValue),
            ("ulong", new UInt64Array.Builder().Append(0).Append(long.MaxValue).AppendNull().Build(), 0, long.MaxValue),
        ];
        IArrowArray floats = new FloatArray.Builder().Append(-1.5f).Append(0.1f).AppendNull().Build();
        IArrowArray doubles = new DoubleArray.Builder().Append(-1.5).Append(0.1).AppendNull().Build();
        byte[] file = Written([.. wholes.Select(column => (column.Name, column.Array)), ("float", floats), ("double", doubles)]);

        // A value that is not there is unknown.
        ColumnTable numbers = Read(file, [.. wholes.Select(column => column.Name).Concat(["float", "double"])
            .Select(name => new ColumnRequest(name, ColumnKind.Number) { MayBeUnknown = true })]);
        Assert.All(wholes, column => Assert.Equal([column.Low, column.High, double.NaN], numbers.Numbers(column.Name)));
        Assert.Equal([-1.5, 0.1f, double.NaN], numbers.Numbers("float"));
        Assert.Equal([-1.5, 0.1, double.NaN], numbers.Numbers("double"));
        foreach ((string name, _, long low, long high) in wholes)
        {
            ColumnRequest whole = new(name, ColumnKind.WholeNumber);
            Assert.Contains($"t.arrow', column '{name}', row 2: the field is empty",
                Assert.Throws<BadInputException>(() => Read(file, [whole])).Message, StringComparison.Ordinal);
            IArrowArray two = wholes.Single(column => column.Name == name).Array;
            Assert.Equal([low, high], Read(Written((name, ((Apache.Arrow.Array)two).Slice(0, 2))), [whole]).Wholes(name));
        }

        byte[] large = Written(("ulong", new UInt64Array.Builder().Append(ulong.MaxValue).Build()));
        Assert.Equal([ulong.MaxValue], Read(large, [new("ulong", ColumnKind.Number)]).Numbers("ulong"));
        Assert.Contains("E+19 is not a whole number", Assert.Throws<BadInputException>(
            () => Read(large, [new("ulong", ColumnKind.WholeNumber)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_are_read_plain_or_by_dictionary()
    {
        StringArray words = new StringArray.Builder().Append("one").Append("two \u00e9").Build();
        byte[] file = Written(
            ("plain", new StringArray.Builder().Append("two").Append("one").Append("two").Build()),
            ("byte", new DictionaryArray(new(new Apache.Arrow.Types.Int8Type(), words.Data.DataType, false),
                new Int8Array.Builder().Append(1).Append(0).Append(1).Build(), words)),
            ("int", new DictionaryArray(new(new Apache.Arrow.Types.Int32Type(), words.Data.DataType, false),
                new Int32Array.Builder().Append(1).Append(0).Append(1).Build(), words)));
        foreach ((string name, string second) in ((string, string)[])[("plain", "two"), ("byte", "two \u00e9"), ("int", "two \u00e9")])
        {
            NameColumn names = Read(file, [new(name, ColumnKind.Name)]).Names(name);
            Assert.Equal([second, "one"], names.Names);
            Assert.Equal([0, 1, 0], names.Code);
        }

        Assert.Contains("column 'n': the values are of type timestamp; give numbers or texts", Assert.Throws<BadInputException>(() => Read(
            Written(("n", new TimestampArray.Builder().Append(DateTimeOffset.UnixEpoch).Build())),
            [new("n", ColumnKind.Number)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_of_every_type_are_written()
    {
        using MemoryStream file = new();
        ArrowSource.Write(file, [[
            OutputColumn.Of<double>("double", "mm", [0.1]), OutputColumn.Of<float>("float", "", [0.1f]),
            OutputColumn.Of<long>("long", "", [long.MinValue]), OutputColumn.Of<int>("int", "", [-7]),
            OutputColumn.Of<sbyte>("sbyte", "", [-8]), OutputColumn.Of<byte>("byte", "", [248])]]);
        file.Position = 0;
        using ArrowFileReader reader = new(file);
        Assert.Equal(["double", "float", "int64", "int32", "int8", "uint8"],
            reader.Schema.FieldsList.Select(field => field.DataType.Name));
        Assert.Equal("mm", reader.Schema.GetFieldByName("double").Metadata["unit"]);
        Assert.False(reader.Schema.GetFieldByName("long").HasMetadata);
        using RecordBatch batch = reader.ReadNextRecordBatch();
        Assert.Equal((0.1, -7, (sbyte)-8, (byte)248), (((DoubleArray)batch.Column(0)).GetValue(0)!.Value,
            ((Int32Array)batch.Column(3)).GetValue(0)!.Value, ((Int8Array)batch.Column(4)).GetValue(0)!.Value,
            ((UInt8Array)batch.Column(5)).GetValue(0)!.Value));
    }

    [Theory]
    [InlineData("ARRO", true)]
    [InlineData("ARRW", false)]
    [InlineData("\u00ff\u00ff\u00ff\u00ff", true)]
    [InlineData("\u00ff\u00ff\u00ff\u00fe", false)]
    [InlineData("\u00ff\u00ff\u00ff", false)]
    public void File_is_known_by_its_first_bytes(string first, bool expected) =>
        Assert.Equal(expected, ArrowSource.Is(System.Text.Encoding.Latin1.GetBytes(first)));

    [Fact]
    public void Stream_that_ends_before_its_schema_is_refused() =>
        Assert.Contains("this is no Arrow file, or it is cut off or damaged", Assert.Throws<BadInputException>(() => Read(
            [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], [new("event", ColumnKind.WholeNumber)])).Message, StringComparison.Ordinal);

    private static ColumnTable Read(byte[] file, ColumnRequest[] requests) => TableFile.Read(new MemoryStream(file), "t.arrow", requests);

    private static byte[] Written(params (string Name, IArrowArray Array)[] columns)
    {
        Schema schema = new([.. columns.Select(column => new Field(column.Name, column.Array.Data.DataType, nullable: true))], null);
        using MemoryStream file = new();
        using (ArrowFileWriter writer = new(file, schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(new(schema, columns.Select(column => column.Array), columns[0].Array.Length));
            writer.WriteEnd();
        }

        return file.ToArray();
    }
}
