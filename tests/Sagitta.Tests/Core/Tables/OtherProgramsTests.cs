using System.Diagnostics;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using ParquetSharp;

namespace Sagitta.Tests.Core.Tables;

/// <summary>Our tables in Apache's own libraries, and theirs in ours.</summary>
public sealed class OtherProgramsTests
{
    private static readonly ColumnRequest[] _requests =
        [new("event", ColumnKind.WholeNumber), new("y", ColumnKind.Number), new("plane", ColumnKind.Name)];

    [Fact]
    public void Parquet_is_read_by_the_library_of_Apache_in_C_plus_plus()
    {
        using TemporaryFolder folder = new();
        TableFile.Write(folder.File("t.parquet"), Columns());
        using ParquetFileReader file = new(folder.File("t.parquet"));
        using RowGroupReader rows = file.RowGroup(0);
        Assert.Equal(["event", "y", "plane"], Enumerable.Range(0, 3).Select(c => file.FileMetaData.Schema.Column(c).Name));
        Assert.Equal([7L, 8, 8], rows.Column(0).LogicalReader<long>().ReadAll(3));
        Assert.Equal([0.5, -1, 3], rows.Column(1).LogicalReader<double>().ReadAll(3));
        Assert.Equal(["one", "two", "\u00e9"], rows.Column(2).LogicalReader<string>().ReadAll(3));
    }

    [Theory]
    [InlineData(ParquetDataPageVersion.V1)]
    [InlineData(ParquetDataPageVersion.V2)]
    public void Parquet_of_the_library_of_Apache_in_C_plus_plus_is_read(ParquetDataPageVersion pages)
    {
        using TemporaryFolder folder = new();
        using WriterPropertiesBuilder properties = new();
        using WriterProperties paged = properties.DataPageVersion(pages).Build();
        using (ParquetFileWriter file = new(folder.File("t.parquet"),
            [new Column<int>("event"), new Column<float?>("y"), new Column<string>("plane")], writerProperties: paged))
        {
            using RowGroupWriter rows = file.AppendRowGroup();
            using (LogicalColumnWriter<int> column = rows.NextColumn().LogicalWriter<int>())
            {
                column.WriteBatch([7, 8, 8]);
            }

            using (LogicalColumnWriter<float?> column = rows.NextColumn().LogicalWriter<float?>())
            {
                column.WriteBatch([0.5f, -1, 3]);
            }

            using (LogicalColumnWriter<string> column = rows.NextColumn().LogicalWriter<string>())
            {
                column.WriteBatch(["one", "two", "\u00e9"]);
            }

            file.Close();
        }

        Check(TableFile.Read(folder.File("t.parquet"), _requests));
    }

    // A page's head begins behind the letters PAR1; each of its whole numbers takes two bytes here, the second one twice the number.
    [Theory]
    [InlineData(ParquetDataPageVersion.V1, 7, 24, 1)]
    [InlineData(ParquetDataPageVersion.V1, 9, 24, 1)]
    [InlineData(ParquetDataPageVersion.V1, 9, 24, 126)]
    [InlineData(ParquetDataPageVersion.V1, 12, 6, 1)]
    [InlineData(ParquetDataPageVersion.V1, 12, 6, 8)]
    [InlineData(ParquetDataPageVersion.V2, 7, 24, 1)]
    [InlineData(ParquetDataPageVersion.V2, 9, 24, 1)]
    [InlineData(ParquetDataPageVersion.V2, 12, 6, 1)]
    [InlineData(ParquetDataPageVersion.V2, 12, 6, 8)]
    [InlineData(ParquetDataPageVersion.V2, 14, 0, 1)]
    [InlineData(ParquetDataPageVersion.V2, 14, 0, 8)]
    [InlineData(ParquetDataPageVersion.V2, 20, 0, 1)]
    [InlineData(ParquetDataPageVersion.V2, 20, 0, 26)]
    [InlineData(ParquetDataPageVersion.V2, 22, 0, 1)]
    [InlineData(ParquetDataPageVersion.V2, 22, 0, 26)]
    public void Parquet_page_whose_head_lies_about_its_sizes_is_bad_input(ParquetDataPageVersion pages, int at, byte number, byte lie)
    {
        using TemporaryFolder folder = new();
        using WriterPropertiesBuilder properties = new();
        using WriterProperties plain = properties.DataPageVersion(pages).DisableDictionary().Compression(Compression.Uncompressed).Build();
        using (ParquetFileWriter file = new(folder.File("t.parquet"), [new Column<int>("event")], writerProperties: plain))
        {
            using RowGroupWriter rows = file.AppendRowGroup();
            using LogicalColumnWriter<int> column = rows.NextColumn().LogicalWriter<int>();
            column.WriteBatch([7, 8, 8]);
            column.Dispose();
            file.Close();
        }

        byte[] bytes = File.ReadAllBytes(folder.File("t.parquet"));
        Assert.Equal([7L, 8, 8], TableFile.Read(new MemoryStream(bytes), "t.parquet", _requests[..1]).Wholes("event").ToArray());
        Assert.Equal(number, bytes[at]);
        bytes[at] = lie;
        Assert.Throws<BadInputException>(() => TableFile.Read(new MemoryStream(bytes), "t.parquet", _requests[..1]));
    }

    [Theory]
    [InlineData(CompressionCodecType.Lz4Frame)]
    [InlineData(CompressionCodecType.Zstd)]
    public void Arrow_that_is_compressed_and_in_several_batches_is_read(CompressionCodecType codec)
    {
        using TemporaryFolder folder = new();
        Schema schema = new Schema.Builder().Field(f => f.Name("event").DataType(Apache.Arrow.Types.UInt32Type.Default))
            .Field(f => f.Name("y").DataType(Apache.Arrow.Types.FloatType.Default).Nullable(true))
            .Field(f => f.Name("plane").DataType(Apache.Arrow.Types.StringType.Default)).Build();
        RecordBatch Batch(uint[] events, float[] y, string[] planes) => new(schema, [new UInt32Array.Builder().AppendRange(events).Build(),
            new FloatArray.Builder().AppendRange(y).Build(), new StringArray.Builder().AppendRange(planes).Build()], events.Length);
        using (FileStream stream = File.Create(folder.File("t.feather")))
        using (ArrowFileWriter writer = new(stream, schema, leaveOpen: false,
            new() { CompressionCodec = codec, CompressionCodecFactory = new CompressionCodecFactory() }))
        {
            writer.WriteStart();
            writer.WriteRecordBatch(Batch([7, 8], [0.5f, -1], ["one", "two"]));
            writer.WriteRecordBatch(Batch([8], [3], ["\u00e9"]));
            writer.WriteEnd();
        }

        Check(TableFile.Read(folder.File("t.feather"), _requests));
    }

    [Fact]
    [Trait("tool", "npm")]
    [Trait("speed", "slow")]
    public void Arrow_goes_to_the_library_of_Apache_for_JavaScript_and_back()
    {
        using TemporaryFolder folder = new();
        TableFile.Write(folder.File("ours.arrow"), [.. Columns(), OutputColumn.Of<byte>("u", "", [1, 2, 255]),
            OutputColumn.Of<sbyte>("s", "", [1, 2, -1])]);
        Assert.Equal("""
            Uint8 Int8 {"unit":"mm"} ["7","8","8"] [0.5,-1,3] ["one","two","é"]

            """, Node("""
            const arrow = require("apache-arrow"), fs = require("fs");
            const t = arrow.tableFromIPC(fs.readFileSync("ours.arrow"));
            const of = name => JSON.stringify([...t.getChild(name)].map(v => typeof v === "bigint" ? String(v) : v));
            const y = t.schema.fields.find(f => f.name === "y");
            console.log(...["u", "s"].map(name => String(t.schema.fields.find(f => f.name === name).type)),
                JSON.stringify(Object.fromEntries(y.metadata)), of("event"), of("y"), of("plane"));
            const theirs = arrow.tableFromArrays({ event: Int32Array.of(7, 8, 8), y: Float64Array.of(0.5, -1, 3),
                plane: ["one", "two", "é"] });
            fs.writeFileSync("file.arrow", arrow.tableToIPC(theirs, "file"));
            fs.writeFileSync("stream.arrow", arrow.tableToIPC(theirs, "stream"));
            """, folder.Name));
        Check(TableFile.Read(folder.File("file.arrow"), _requests));
        Check(TableFile.Read(folder.File("stream.arrow"), _requests));
    }

    private static OutputColumn[] Columns() =>
        [OutputColumn.Of("event", "", [7L, 8, 8]), OutputColumn.Of("y", "mm", [0.5, -1, 3]),
            OutputColumn.Of("plane", ["one", "two", "\u00e9"])];

    private static void Check(ColumnTable read)
    {
        Assert.Equal([7L, 8, 8], read.Wholes("event"));
        Assert.Equal([0.5, -1, 3], read.Numbers("y"));
        NameColumn planes = read.Names("plane");
        Assert.Equal(["one", "two", "\u00e9"], planes.Code.Select(code => planes.Names[code]));
    }

    // The variable SAGITTA_NODE_MODULES names the folder node_modules that holds apache-arrow.
    private static string Node(string script, string folder)
    {
        using Process process = Process.Start(new ProcessStartInfo("node", ["-e", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["NODE_PATH"] = Environment.GetEnvironmentVariable("SAGITTA_NODE_MODULES") },
        })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
