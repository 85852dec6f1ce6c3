using System.IO.Compression;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Sagitta.Core.Tables;

/// <summary>
/// Tables as files. What is read is known by its first bytes: NPZ, Parquet, Arrow, HDF5, or else CSV, plain or gzip. What is written is
/// told by the ending of the name.
/// </summary>
internal static class TableFile
{
    private const string Endings = ".csv, .csv.gz, .npz, .parquet, .arrow, .feather, .h5 or .hdf5";
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private enum Format
    {
        Csv,
        ZippedCsv,
        Npz,
        Parquet,
        Arrow,
        Hdf5,
    }

    /// <summary>Opens a file and reads the names of its columns.</summary>
    /// <param name="path">A file.</param>
    /// <param name="array">The structured array of an NPZ file that is the table, if it has several arrays; the group or data set of an
    /// HDF5 file.</param>
    /// <exception cref="BadInputException">There is no such file, or it is none of these.</exception>
    public static TableSource Open(string path, string array = "")
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"'{path}'", Directory.Exists(path) ? "this is a folder" : "there is no such file",
                "give the path of a table: CSV (plain or .gz), NPZ, Parquet, Arrow or HDF5");
        }

        try
        {
            return Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16), path, array);
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            throw new BadInputException($"'{path}'", $"the file can't be read ({problem.Message})", "give a file that can be read",
                problem);
        }
    }

    /// <summary>The same of a stream, which is closed with the table.</summary>
    public static TableSource Open(Stream stream, string name, string array = "")
    {
        Stream file = stream;
        if (!stream.CanSeek)
        {
            file = new MemoryStream();
            stream.CopyTo(file);
            stream.Dispose();
            file.Position = 0;
        }

        try
        {
            Span<byte> magic = stackalloc byte[4];
            long start = file.Position;
            ReadOnlySpan<byte> first = magic[..file.ReadAtLeast(magic, 4, throwOnEndOfStream: false)];
            file.Position = start;
            if (first.SequenceEqual((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M']))
            {
                throw new BadInputException($"'{name}'", "this is a single array", "save it as NPZ: numpy.savez(file, hits=array)");
            }

            bool Ends(string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
            return IsArchive(first) || Ends(".npz") ? new NpzSource(file, name, array)
                : IsParquet(first) || Ends(".parquet") ? new ParquetSource(file, name)
                : ArrowSource.Is(first) || FormatByEnding(name) == Format.Arrow ? new ArrowSource(file, name)
                : Hdf5Source.Is(first) || FormatByEnding(name) == Format.Hdf5 ? new Hdf5Source(file, name, array)
                : new CsvSource(file, name, first.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) || Ends(".gz"));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads columns of a file; see <see cref="TableSource.Read"/>.</summary>
    public static ColumnTable Read(string path, IReadOnlyList<ColumnRequest> requests, ColumnMapping? mapping = null)
    {
        using TableSource source = Open(path);
        return source.Read(requests, mapping);
    }

    /// <summary>Reads columns of a stream, which is closed.</summary>
    public static ColumnTable Read(Stream stream, string name, IReadOnlyList<ColumnRequest> requests, ColumnMapping? mapping = null)
    {
        using TableSource source = Open(stream, name);
        return source.Read(requests, mapping);
    }

    /// <summary>Whether a file that begins like this is one of the formats that are no text.</summary>
    public static bool IsBinary(ReadOnlySpan<byte> start) => start.Length >= 4 && start[..4] is var first
        && (IsArchive(first) || IsParquet(first) || ArrowSource.Is(first) || Hdf5Source.Is(first));

    private static bool IsArchive(ReadOnlySpan<byte> first) => first.StartsWith("PK"u8);

    private static bool IsParquet(ReadOnlySpan<byte> first) => first.SequenceEqual("PAR1"u8);

    /// <summary>Refuses a name whose ending tells no format, before any work is done.</summary>
    public static void CheckName(string path) => _ = FormatOf(path);

    /// <summary>The same for verbs that take - for standard output.</summary>
    public static void CheckOutput(string path)
    {
        if (path != "-")
        {
            CheckName(path);
        }
    }

    /// <summary>Writes a file whole or not at all; the same columns give the same bytes.</summary>
    /// <exception cref="BadInputException">The ending of the name tells no format.</exception>
    public static void Write(string path, IReadOnlyList<OutputColumn> columns)
    {
        Format format = FormatOf(path);
        if (columns.Any(column => column.Count != columns[0].Count))
        {
            throw new ArgumentException("Give columns of equal length.", nameof(columns));
        }

        switch (format)
        {
            case Format.Npz:
                WriteNpz(path, columns);
                break;
            case Format.Parquet:
                AtomicFile.Write(path, file => WriteParquet(file, columns).GetAwaiter().GetResult(), seeks: true);
                break;
            case Format.Arrow:
                AtomicFile.Write(path, file => ArrowSource.Write(file, columns), seeks: true);
                break;
            case Format.Hdf5:
                AtomicFile.Write(path, file => Hdf5Source.Write(file, ("", columns)), seeks: true);
                break;
            default:
                WriteText(path, file => WriteCsv(file, columns));
                break;
        }
    }

    /// <summary>Writes several tables into one HDF5 file.</summary>
    public static void Write(string path, params (string Name, IReadOnlyList<OutputColumn> Columns)[] tables) =>
        AtomicFile.Write(path, file => Hdf5Source.Write(file, tables), seeks: true);

    /// <summary>Whether the name ends in .h5 or .hdf5: such a file holds several tables by name.</summary>
    public static bool HoldsSeveral(string path) => FormatByEnding(path) == Format.Hdf5;

    /// <summary>Whether the name ends in .csv or .csv.gz.</summary>
    public static bool IsCsv(string path) => FormatOf(path) is Format.Csv or Format.ZippedCsv;

    /// <summary>Writes what <paramref name="write"/> makes of a .csv file, or compressed of a .csv.gz file, whole or not at all.</summary>
    public static void WriteText(string path, Action<Stream> write) => AtomicFile.Write(path, file =>
    {
        if (FormatOf(path) == Format.Csv)
        {
            write(file);
            return;
        }

        // The base library writes no time into the head.
        using GZipStream zipped = new(file, CompressionLevel.Optimal, leaveOpen: true);
        write(zipped);
    });

    /// <summary>Writes CSV with a header; a number that does not exist is left empty. The stream stays open.</summary>
    public static void WriteCsv(Stream stream, IReadOnlyList<OutputColumn> columns)
    {
        using StreamWriter writer = new(stream, _utf8, 1 << 16, leaveOpen: true);
        for (int c = 0; c < columns.Count; c++)
        {
            OutputColumn.WriteText(writer, columns[c].Name);
            writer.Write(c + 1 == columns.Count ? '\n' : ',');
        }

        for (int row = 0; row < columns[0].Count; row++)
        {
            for (int c = 0; c < columns.Count; c++)
            {
                columns[c].WriteField(writer, row);
                writer.Write(c + 1 == columns.Count ? '\n' : ',');
            }
        }
    }

    private static Format FormatOf(string path) => FormatByEnding(path)
        ?? (PosixFile.IsSpecial(Path.GetFullPath(path)) ? Format.Csv
            : throw new BadInputException($"'{path}'", $"the name does not end in {Endings}", "give a name with such an ending"));

    private static Format? FormatByEnding(string path)
    {
        bool Ends(string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
        return Ends(".csv") ? Format.Csv : Ends(".csv.gz") ? Format.ZippedCsv : Ends(".npz") ? Format.Npz
            : Ends(".parquet") ? Format.Parquet : Ends(".arrow") || Ends(".feather") ? Format.Arrow
            : Ends(".h5") || Ends(".hdf5") ? Format.Hdf5 : null;
    }

    private static void WriteNpz(string path, IReadOnlyList<OutputColumn> columns)
    {
        using NpzWriter writer = new(path);
        foreach (OutputColumn column in columns)
        {
            column.AddTo(writer);
        }

        writer.Commit();
    }

    private static async Task WriteParquet(Stream file, IReadOnlyList<OutputColumn> columns)
    {
        ParquetSchema schema = new(columns.Select(column => column.Field));
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file).ConfigureAwait(false))
        {
            writer.CustomMetadata = ParquetLayout.Unsealed;
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            for (int c = 0; c < columns.Count; c++)
            {
                await columns[c].AddTo(rows, schema.DataFields[c]).ConfigureAwait(false);
            }
        }

        ParquetLayout.Seal(file);
    }
}
