using Parquet;
using Parquet.Schema;

namespace Sagitta.Tests.Core.Tables;

/// <summary>Tables in NPZ and Parquet files that other programs made.</summary>
public sealed class BinaryTableTests
{
    private static readonly ColumnRequest[] _requests =
    [
        new("event", ColumnKind.WholeNumber),
        new("plane", ColumnKind.Name),
        new("y", ColumnKind.Number, "mm"),
        new("road", ColumnKind.Number) { Optional = true, MayBeUnknown = true },
    ];

    [Fact]
    public void Arrays_of_any_numeric_type_are_columns()
    {
        ColumnTable table = ReadNpz(writer =>
        {
            writer.AddText("readme", "ignored");
            writer.Add<float>("y", [1.5f, 2.5f]);
            writer.Add<byte>("plane", [3, 4]);
            writer.Add<double>("event", [7, 8]);
            writer.Add<float>("road", [float.NaN, 1]);
        });
        Assert.Equal([7L, 8], table.Wholes("event"));
        Assert.Equal(["3", "4"], table.Names("plane").Names);
        Assert.Equal([1.5, 2.5], table.Numbers("y"));
        Assert.Equal([double.NaN, 1], table.Numbers("road"));
        table = ReadNpz(writer =>
        {
            writer.Add<long>("event", [long.MaxValue]);
            writer.AddData("plane", new(NpyType.Plain("<U5", 20), [1], FortranOrder: false),
                stream => stream.Write(System.Text.Encoding.UTF32.GetBytes("upper")));
            writer.Add<sbyte>("y", [-3]);
        });
        Assert.Equal([long.MaxValue], table.Wholes("event"));
        Assert.Equal(["upper"], table.Names("plane").Names);
        Assert.Equal([-3.0], table.Numbers("y"));
    }

    [Theory]
    [InlineData("length", "column 'plane' has 1 rows, 'event' has 2")]
    [InlineData("shape", "(1, 2)")]
    [InlineData("missing", "columns 'event' and 'y' (mm) are missing")]
    [InlineData("fraction", "array 'event', element 1: 8.5 is not a whole number")]
    [InlineData("unsigned", "18446744073709551615")]
    [InlineData("nan", "array 'y', element 1: NaN is not a finite number")]
    public void Mistake_in_an_archive_is_told(string mistake, string message)
    {
        BadInputException problem = Assert.Throws<BadInputException>(() => ReadNpz(writer =>
        {
            writer.Add<int>("plane", mistake == "length" ? [1] : [1, 2]);
            if (mistake == "missing")
            {
                return;
            }

            if (mistake == "shape")
            {
                writer.Add<double>("y", [1, 2], 1, 2);
            }
            else
            {
                writer.Add<double>("y", [1, mistake == "nan" ? double.NaN : 2]);
            }

            if (mistake == "unsigned")
            {
                writer.Add<ulong>("event", [1, ulong.MaxValue]);
            }
            else
            {
                writer.Add<double>("event", [7, mistake == "fraction" ? 8.5 : 8]);
            }
        }));
        Assert.Contains("hits.npz", problem.Where, StringComparison.Ordinal);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_structured_array_is_a_table()
    {
        ColumnRequest[] requests = [new("edep", ColumnKind.Number), new("level2ID", ColumnKind.WholeNumber)];
        string path = TestData.InRepository("data", "numpy", "structured.npz");
        using TableSource source = TableFile.Open(path, "raw");
        ColumnTable table = source.Read(requests);
        Assert.Equal(172, table.Count);
        Assert.Equal((-1L, 14L), (table.Wholes("level2ID")[0], table.Wholes("level2ID")[^1]));
        Assert.Equal(7.4609296511651495, table.Numbers("edep").Sum(), 1e-12);
        Assert.Contains("raw", Assert.Throws<BadInputException>(() => TableFile.Open(path, "raws")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_columns_of_any_type_with_missing_values_are_read()
    {
        using TemporaryFolder folder = new();
        DataField<ulong> number = new("event");
        DataField<string> plane = new("plane");
        DataField<decimal> y = new("y");
        DataField<float?> road = new("road");
        ParquetSchema schema = new(new DataField<bool>("extra"), y, number, plane, road);
        await using (FileStream file = File.Create(folder.File("hits.parquet")))
        {
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file);
            for (int group = 0; group < 2; group++)
            {
                using ParquetRowGroupWriter rows = writer.CreateRowGroup();
                await rows.WriteAsync<bool>(schema.DataFields[0], new[] { true, false });
                await rows.WriteAsync<decimal>(schema.DataFields[1], new[] { 1.5m, -2m });
                await rows.WriteAsync<ulong>(schema.DataFields[2], new ulong[] { (ulong)group, 9007199254740993 });
                await rows.WriteAsync(schema.DataFields[3], (string[])["a", "b"]);
                await rows.WriteAsync<float>(schema.DataFields[4], new float?[] { null, 4 });
            }
        }

        ColumnTable table = TableFile.Read(folder.File("hits.parquet"), _requests);
        Assert.Equal([0L, 9007199254740993, 1, 9007199254740993], table.Wholes("event"));
        Assert.Equal([0, 1, 0, 1], table.Names("plane").Code);
        Assert.Equal([1.5, -2, 1.5, -2], table.Numbers("y"));
        Assert.Equal([double.NaN, 4, double.NaN, 4], table.Numbers("road"));
        ColumnRequest[] strict = [new("road", ColumnKind.Number)];
        Assert.Contains("column 'road', row 0", Assert.Throws<BadInputException>(
            () => TableFile.Read(folder.File("hits.parquet"), strict)).Message,
            StringComparison.Ordinal);
        Assert.Contains("'none' is missing", Assert.Throws<BadInputException>(
            () => TableFile.Read(folder.File("hits.parquet"), [new("none", ColumnKind.Number)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parquet_cut_off_anywhere_is_bad_input()
    {
        using TemporaryFolder folder = new();
        TableFile.Write(folder.File("hits.parquet"), [
            OutputColumn.Of("event", "", [1, 2]), OutputColumn.Of("plane", "", [1, 2]), OutputColumn.Of("y", "", [1.0, 2])]);
        byte[] whole = File.ReadAllBytes(folder.File("hits.parquet"));
        Assert.Equal(2, TableFile.Read(new MemoryStream(whole), "hits.parquet", _requests).Count);
        for (int length = 0; length < whole.Length; length++)
        {
            MemoryStream cut = new(whole[..length]);
            Assert.Contains("hits.parquet", Assert.Throws<BadInputException>(() => TableFile.Read(cut, "hits.parquet", _requests)).Message,
                StringComparison.Ordinal);
        }
    }

    private static ColumnTable ReadNpz(Action<NpzWriter> write)
    {
        using TemporaryFolder folder = new();
        using (NpzWriter writer = new(folder.File("hits.npz")))
        {
            write(writer);
            writer.Commit();
        }

        return TableFile.Read(folder.File("hits.npz"), _requests);
    }
}
