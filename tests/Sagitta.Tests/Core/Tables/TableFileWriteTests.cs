using FsCheck;
using FsCheck.Fluent;
using Parquet;

namespace Sagitta.Tests.Core.Tables;

public sealed class TableFileWriteTests
{
    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.csv.gz")]
    [InlineData("t.npz")]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    [InlineData("t.h5")]
    public void What_is_written_is_read(string name)
    {
        Arbitrary<(double Number, float Single, long Whole, int Small, bool Flag)[]> rows = ArbMap.Default.GeneratorFor<double>()
            .Where(double.IsFinite)
            .SelectMany(_ => ArbMap.Default.GeneratorFor<float>().Where(float.IsFinite), (number, single) => (number, single))
            .SelectMany(_ => ArbMap.Default.GeneratorFor<long>(), (pair, whole) => (pair.number, pair.single, whole))
            .SelectMany(_ => ArbMap.Default.GeneratorFor<int>(), (three, small) =>
                (three.number, three.single, three.whole, small, small % 2 == 0))
            .ArrayOf()
            .ToArbitrary();
        using TemporaryFolder folder = new();
        string path = folder.File(name);
        Prop.ForAll(rows, drawn =>
        {
            string[] texts = [.. drawn.Select(row => $"{row.Small}, \"{row.Flag}\"; \u00e9")];
            TableFile.Write(path,
                [
                    OutputColumn.Of("number", "mm", [.. drawn.Select(row => row.Number)]),
                    OutputColumn.Of("single", "", [.. drawn.Select(row => row.Single)]),
                    OutputColumn.Of("whole", "", [.. drawn.Select(row => row.Whole)]),
                    OutputColumn.Of("small", "", [.. drawn.Select(row => row.Small)]),
                    OutputColumn.Of("byte", "", [.. drawn.Select(row => (byte)row.Small)]),
                    OutputColumn.Of("flag", [.. drawn.Select(row => row.Flag)]),
                    OutputColumn.Of("text, \"quoted\"", texts),
                ]);
            ColumnTable read = TableFile.Read(path,
                [
                    new("number", ColumnKind.Number), new("single", ColumnKind.Number), new("whole", ColumnKind.WholeNumber),
                    new("small", ColumnKind.WholeNumber), new("byte", ColumnKind.WholeNumber), new("flag", ColumnKind.WholeNumber),
                    new("text, \"quoted\"", ColumnKind.Name),
                ]);
            NameColumn names = read.Names("text, \"quoted\"");
            return read.Count == drawn.Length && read.Numbers("number").SequenceEqual(drawn.Select(row => row.Number))
                && read.Numbers("single").Select(value => (float)value).SequenceEqual(drawn.Select(row => row.Single))
                && read.Wholes("whole").SequenceEqual(drawn.Select(row => row.Whole))
                    && read.Integers("small").SequenceEqual(drawn.Select(row => row.Small))
                && read.Integers("byte").SequenceEqual(drawn.Select(row => row.Small & 255))
                && read.Integers("flag").SequenceEqual(drawn.Select(row => row.Flag ? 1 : 0))
                && names.Code.Select(code => names.Names[code]).SequenceEqual(texts);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.npz")]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    [InlineData("t.h5")]
    public void A_table_may_have_one_column(string name)
    {
        using TemporaryFolder folder = new();
        TableFile.Write(folder.File(name), [OutputColumn.Of("y", "mm", [0.5, -1, 3])]);
        Assert.Equal([0.5, -1, 3], TableFile.Read(folder.File(name), [new("y", ColumnKind.Number)]).Numbers("y"));
    }

    [Fact]
    public void Csv_has_formats_empty_fields_and_quotes()
    {
        using MemoryStream stream = new();
        TableFile.Write("-", stream, [0],
            _ => [OutputColumn.Of("y", "mm", [1.23456, double.NaN, double.PositiveInfinity], "F2"),
                OutputColumn.Of("who", ["a,b", "say \"no\"", "plain"])]);
        Assert.Equal("y,who\n1.23,\"a,b\"\n,\"say \"\"no\"\"\"\n,plain\n", System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public async Task Parquet_states_types_and_units()
    {
        using TemporaryFolder folder = new();
        TableFile.Write(folder.File("t.parquet"), Columns());
        await using ParquetReader reader = await ParquetReader.CreateAsync(folder.File("t.parquet"));
        Assert.Equal(["y", "n", "ok", "name"], reader.Schema.DataFields.Select(field => field.Name));
        Assert.Equal([typeof(double), typeof(int), typeof(bool), typeof(ReadOnlyMemory<char>)],
            reader.Schema.DataFields.Select(field => field.ClrType));
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(0);
        double[] y = new double[2];
        await rows.ReadAsync<double>(reader.Schema.DataFields[0], y);
        Assert.Equal([0.1, double.NaN], y);
        Assert.Equal("mm", rows.GetCustomMetadata(reader.Schema.DataFields[0])["unit"]);
    }

    [Fact]
    public void Npz_has_one_array_for_each_column()
    {
        using TemporaryFolder folder = new();
        TableFile.Write(folder.File("t.npz"), Columns());
        using NpzReader reader = new(folder.File("t.npz"));
        Assert.Equal([0.1, double.NaN], reader.Read<double>("y"));
        Assert.Equal([1, -2], reader.Read<int>("n"));
        Assert.Equal([true, false], reader.Read<bool>("ok"));
        Assert.Equal(["one", "two \u00e9"], reader.ReadTexts("name"));
    }

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.csv.gz")]
    [InlineData("t.npz")]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    [InlineData("t.h5")]
    public void The_same_columns_give_the_same_bytes(string name)
    {
        using TemporaryFolder folder = new();
        TableFile.Write(folder.File("a" + name), Columns());
        TableFile.Write(folder.File("b" + name), Columns());
        byte[] bytes = File.ReadAllBytes(folder.File("a" + name));
        Assert.Equal(bytes, File.ReadAllBytes(folder.File("b" + name)));
        Assert.True(!name.EndsWith(".gz", StringComparison.Ordinal) || bytes.AsSpan(4, 4).SequenceEqual(new byte[4]));
    }

    [Theory]
    [InlineData("tracks.txt")]
    [InlineData("tracks")]
    [InlineData("tracks.gz")]
    public void Another_ending_is_bad_input_and_leaves_nothing(string name)
    {
        using TemporaryFolder folder = new();
        Assert.Contains(".csv, .csv.gz, .npz, .parquet, .arrow, .feather, .h5 or .hdf5",
            Assert.Throws<BadInputException>(() => TableFile.Write(folder.File(name), Columns())).Message,
            StringComparison.Ordinal);
        Assert.Throws<BadInputException>(() => TableFile.CheckName(name));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Name));
    }

    [Fact]
    public void Columns_of_unequal_length_are_refused() => Assert.Throws<ArgumentException>(
        () => TableFile.Write("never.csv", [OutputColumn.Of("a", "", [1, 2]), OutputColumn.Of("b", "", [1])]));

    private static OutputColumn[] Columns() =>
    [
        OutputColumn.Of("y", "mm", [0.1, double.NaN]), OutputColumn.Of("n", "", [1, -2]), OutputColumn.Of("ok", [true, false]),
        OutputColumn.Of("name", ["one", "two \u00e9"]),
    ];
}
