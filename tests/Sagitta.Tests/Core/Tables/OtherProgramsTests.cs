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

    [Fact]
    public void Numbers_of_every_type_of_Parquet_are_read_and_whole_ones_are_exact()
    {
        using TemporaryFolder folder = new();
        ParquetSharp.Column[] columns = [new Column<bool>("bool"), new Column<sbyte>("sbyte"), new Column<byte>("byte"),
            new Column<short>("short"),
            new Column<ushort>("ushort"), new Column<int>("int"), new Column<uint>("uint"), new Column<long>("long"),
            new Column<ulong>("ulong"), new Column<float>("float"), new Column<double>("double"),
            new Column<decimal>("decimal", LogicalType.Decimal(28, 2))];
        using (ParquetFileWriter file = new(folder.File("t.parquet"), columns))
        {
            using RowGroupWriter rows = file.AppendRowGroup();
            void Write<T>(params T[] values)
            {
                using LogicalColumnWriter<T> column = rows.NextColumn().LogicalWriter<T>();
                column.WriteBatch(values);
            }

            Write(false, true);
            Write(sbyte.MinValue, sbyte.MaxValue);
            Write(byte.MinValue, byte.MaxValue);
            Write(short.MinValue, short.MaxValue);
            Write(ushort.MinValue, ushort.MaxValue);
            Write(int.MinValue, int.MaxValue);
            Write(uint.MinValue, uint.MaxValue);
            Write(long.MinValue, long.MaxValue);
            Write(ulong.MinValue, (ulong)long.MaxValue);
            Write(-1.5f, 0.1f);
            Write(-1.5, 0.1);
            Write(-1.5m, 0.25m);
            file.Close();
        }

        (string Name, long Low, long High)[] wholes = [("bool", 0, 1), ("sbyte", -128, 127), ("byte", 0, 255), ("short", -32768, 32767),
            ("ushort", 0, 65535), ("int", int.MinValue, int.MaxValue), ("uint", 0, uint.MaxValue), ("long", long.MinValue, long.MaxValue),
            ("ulong", 0, long.MaxValue)];
        ColumnTable read = TableFile.Read(folder.File("t.parquet"), [.. wholes.Select(column =>
            new ColumnRequest(column.Name, ColumnKind.WholeNumber)), new("float", ColumnKind.Number), new("double", ColumnKind.Number),
            new("decimal", ColumnKind.Number)]);
        Assert.All(wholes, column => Assert.Equal([column.Low, column.High], read.Wholes(column.Name)));
        Assert.Equal([-1.5, 0.1f], read.Numbers("float"));
        Assert.Equal([-1.5, 0.1], read.Numbers("double"));
        Assert.Equal([-1.5, 0.25], read.Numbers("decimal"));
    }

    [Theory]
    [InlineData(ParquetDataPageVersion.V1)]
    [InlineData(ParquetDataPageVersion.V2)]
    public void Parquet_of_many_pages_is_read_and_an_altered_page_told_by_its_checksum(ParquetDataPageVersion pages)
    {
        using TemporaryFolder folder = new();
        using WriterPropertiesBuilder properties = new();
        using WriterProperties small = properties.DataPageVersion(pages).DataPagesize(512).WriteBatchSize(64).DisableDictionary()
            .Compression(Compression.Uncompressed).EnablePageChecksum().Build();
        long[] events = [.. Enumerable.Range(0, 1000).Select(i => 1_000_003L * i)];
        using (ParquetFileWriter file = new(folder.File("t.parquet"), [new Column<long>("event"), new Column<long?>("y")],
            writerProperties: small))
        {
            using RowGroupWriter rows = file.AppendRowGroup();
            using (LogicalColumnWriter<long> column = rows.NextColumn().LogicalWriter<long>())
            {
                column.WriteBatch(events);
            }

            using (LogicalColumnWriter<long?> column = rows.NextColumn().LogicalWriter<long?>())
            {
                column.WriteBatch([.. events.Select(number => (long?)-number)]);
            }

            file.Close();
        }

        byte[] bytes = File.ReadAllBytes(folder.File("t.parquet"));
        ColumnTable read = TableFile.Read(new MemoryStream(bytes), "t.parquet", _requests[..2]);
        Assert.Equal(events, read.Wholes("event"));
        Assert.Equal(events.Select(number => -(double)number), read.Numbers("y"));
        foreach (int row in (int[])[1, 500, 998])
        {
            byte[] altered = [.. bytes];
            int at = altered.AsSpan().IndexOf(BitConverter.GetBytes(events[row]));
            altered[at] ^= 1;
            Assert.Throws<BadInputException>(() => TableFile.Read(new MemoryStream(altered), "t.parquet", _requests[..2]));
        }
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(70, false)]
    public void Parquet_with_groups_in_groups_is_read_up_to_a_depth(int depth, bool isRead)
    {
        using TemporaryFolder folder = new();
        using ParquetSharp.Schema.Node number = new ParquetSharp.Schema.PrimitiveNode("event", Repetition.Required, LogicalType.None(),
            PhysicalType.Int32);
        ParquetSharp.Schema.Node nest = new ParquetSharp.Schema.PrimitiveNode("inner", Repetition.Required, LogicalType.None(),
            PhysicalType.Int32);
        for (int i = 0; i < depth; i++)
        {
            nest = new ParquetSharp.Schema.GroupNode("g", Repetition.Required, [nest]);
        }

        using ParquetSharp.Schema.GroupNode schema = new("schema", Repetition.Required, [number, nest]);
        using WriterPropertiesBuilder properties = new();
        using WriterProperties plain = properties.Build();
        using (ParquetFileWriter file = new(folder.File("t.parquet"), schema, plain))
        {
            using RowGroupWriter rows = file.AppendRowGroup();
            for (int c = 0; c < 2; c++)
            {
                using ColumnWriter column = rows.NextColumn();
                ((ColumnWriter<int>)column).WriteBatch([7, 8]);
            }

            file.Close();
        }

        if (isRead)
        {
            Assert.Equal([7L, 8], TableFile.Read(folder.File("t.parquet"), _requests[..1]).Wholes("event"));
        }
        else
        {
            Assert.Contains("damaged", Assert.Throws<BadInputException>(() => TableFile.Read(folder.File("t.parquet"), _requests[..1]))
                .Message, StringComparison.Ordinal);
        }
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

    // A stream may end behind any of its messages: nothing tells that others were to follow.
    [Fact]
    public void Stream_of_Arrow_that_is_cut_inside_a_message_is_bad_input()
    {
        Schema schema = new Schema.Builder().Field(f => f.Name("event").DataType(Apache.Arrow.Types.Int64Type.Default)).Build();
        using MemoryStream whole = new();
        List<long> ends = [];
        using (ArrowStreamWriter writer = new(whole, schema, leaveOpen: true))
        {
            writer.WriteStart();
            foreach (long[] events in (long[][])[[7, 8], [9]])
            {
                ends.Add(whole.Length);
                writer.WriteRecordBatch(new(schema, [new Int64Array.Builder().AppendRange(events).Build()], events.Length));
            }

            ends.Add(whole.Length);
            writer.WriteEnd();
        }

        Assert.Equal([7L, 8, 9], Read((int)whole.Length));
        for (int length = 0; length < whole.Length; length++)
        {
            int behind = ends.FindLastIndex(end => end <= length);
            if (ends.Contains(length))
            {
                Assert.Equal(((long[])[7, 8, 9])[..(behind + ((behind + 1) / 2))], Read(length));
            }
            else
            {
                Assert.Throws<BadInputException>(() => Read(length));
            }
        }

        long[] Read(int length) => TableFile.Read(new MemoryStream(whole.ToArray()[..length]), "t.arrow", _requests[..1])
            .Wholes("event").ToArray();
    }

    [Fact]
    public void Numbers_of_every_type_of_Hdf5_are_read_and_whole_ones_are_exact()
    {
        using TemporaryFolder folder = new();
        new PureHDF.H5File
        {
            ["sbyte"] = new sbyte[] { sbyte.MinValue, sbyte.MaxValue },
            ["byte"] = new byte[] { 0, byte.MaxValue },
            ["short"] = new short[] { short.MinValue, short.MaxValue },
            ["ushort"] = new ushort[] { 0, ushort.MaxValue },
            ["int"] = new int[] { int.MinValue, int.MaxValue },
            ["uint"] = new uint[] { 0, uint.MaxValue },
            ["long"] = new long[] { long.MinValue, long.MaxValue },
            ["ulong"] = new ulong[] { 0, long.MaxValue },
            ["float"] = new float[] { -1.5f, 0.1f },
            ["double"] = new double[] { -1.5, 0.1 },
        }.Write(folder.File("t.h5"));
        (string Name, long Low, long High)[] wholes = [("sbyte", -128, 127), ("byte", 0, 255), ("short", -32768, 32767),
            ("ushort", 0, 65535), ("int", int.MinValue, int.MaxValue), ("uint", 0, uint.MaxValue), ("long", long.MinValue, long.MaxValue),
            ("ulong", 0, long.MaxValue)];
        ColumnTable read = TableFile.Read(folder.File("t.h5"), [.. wholes.Select(column =>
            new ColumnRequest(column.Name, ColumnKind.WholeNumber)), new("float", ColumnKind.Number), new("double", ColumnKind.Number)]);
        Assert.All(wholes, column => Assert.Equal([column.Low, column.High], read.Wholes(column.Name)));
        Assert.Equal([-1.5, 0.1f], read.Numbers("float"));
        Assert.Equal([-1.5, 0.1], read.Numbers("double"));
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

    // Polars has readers and writers of its own for Parquet and Arrow, in Rust, and strings of Arrow's newest kind.
    [Fact]
    [Trait("tool", "npm")]
    [Trait("speed", "slow")]
    public void Tables_go_to_Polars_and_back()
    {
        using TemporaryFolder folder = new();
        string[] ours = ["ours.parquet", "ours.arrow", "ours.csv"];
        foreach (string name in ours)
        {
            TableFile.Write(folder.File(name), [.. Columns(), OutputColumn.Of<float>("t", "ns", [1.5f, float.NaN, 2.5f])]);
        }

        Assert.Equal("""
            event Int64 7,8,8 y Float64 0.5,-1,3 plane String one,two,é t Float32 1.5,NaN,2.5
            event Int64 7,8,8 y Float64 0.5,-1,3 plane String one,two,é t Float32 1.5,NaN,2.5
            event Int64 7,8,8 y Float64 0.5,-1,3 plane String one,two,é t Float64 1.5,,2.5

            """, Node("""
            const polars = require("nodejs-polars"), fs = require("fs");
            const ours = [polars.readParquet("ours.parquet"), polars.readIPC(fs.readFileSync("ours.arrow")), polars.readCSV("ours.csv")];
            for (const table of ours)
                console.log(...table.columns.flatMap(c => [c, table[c].dtype.variant, table[c].toArray().join()]));
            const event = polars.Series([7, 8, 8], polars.Int64);
            const theirs = polars.DataFrame({ event, y: [0.5, -1, 3], plane: ["one", "two", "é"] });
            for (const compression of ["uncompressed", "snappy", "gzip", "brotli", "zstd", "lz4"])
                theirs.writeParquet(`${compression}.parquet`, { compression });
            for (const compression of ["uncompressed", "lz4", "zstd"])
                theirs.writeIPC(`${compression}.arrow`, { compression });
            """, folder.Name));
        string[] theirs = [.. Directory.GetFiles(folder.Name).Where(file => !ours.Contains(Path.GetFileName(file)))];
        Assert.Equal(9, theirs.Length);
        Assert.All(theirs, file => Check(TableFile.Read(file, _requests)));
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
