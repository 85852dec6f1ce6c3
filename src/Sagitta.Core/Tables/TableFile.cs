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
    private const int RowsBetweenFlushes = 256;
    private const int RowsOfGroup = 1 << 16;
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

    /// <summary>The name that stands for standard input, where a table is read.</summary>
    public const string StandardInput = "-";

    /// <summary>Opens a file, a pipe or standard input, and reads the names of its columns.</summary>
    /// <param name="path">A file, or <see cref="StandardInput"/>.</param>
    /// <param name="array">The structured array of an NPZ file that is the table, if it has several arrays; the group or data set of an
    /// HDF5 file.</param>
    /// <exception cref="BadInputException">There is no such file, or it is none of these.</exception>
    public static TableSource Open(string path, string array = "")
    {
        if (path == StandardInput)
        {
            return Open(Console.OpenStandardInput(), "standard input", array);
        }

        if (!File.Exists(path))
        {
            throw new BadInputException($"'{path}'", Directory.Exists(path) ? "this is a folder" : "there is no such file",
                "give the path of a table: CSV (plain or .gz), NPZ, Parquet, Arrow or HDF5");
        }

        try
        {
            return Open(new FileStream(ReadFiles.Add(path), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16), path, array);
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            throw new BadInputException($"'{path}'", $"the file can't be read ({problem.Message})", "give a file that can be read",
                problem);
        }
    }

    /// <summary>The same of a stream, which is closed with the table. CSV is read as it comes; of the other formats what can't seek is
    /// laid down in a temporary file first.</summary>
    public static TableSource Open(Stream stream, string name, string array = "")
    {
        Stream file = stream;
        try
        {
            byte[] magic = new byte[4];
            ReadOnlyMemory<byte> head = magic.AsMemory(0, file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false));
            ReadOnlySpan<byte> first = head.Span;
            if (first.SequenceEqual((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M']))
            {
                throw new BadInputException($"'{name}'", "this is a single array", "save it as NPZ: numpy.savez(file, hits=array)");
            }

            bool Ends(string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
            bool zipped = first.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) || Ends(".gz");
            Format format = IsArchive(first) || Ends(".npz") ? Format.Npz
                : IsParquet(first) || Ends(".parquet") ? Format.Parquet
                : ArrowSource.Is(first) || FormatByEnding(name) == Format.Arrow ? Format.Arrow
                : Hdf5Source.Is(first) || FormatByEnding(name) == Format.Hdf5 ? Format.Hdf5 : Format.Csv;
            if (stream.CanSeek)
            {
                file.Position -= head.Length;
            }
            else
            {
                file = new BegunStream(head, stream);
            }

            if (!file.CanSeek && format != Format.Csv)
            {
                Stream spool = AtomicFile.Spool(Path.GetTempPath());
                file.CopyTo(spool);
                file.Dispose();
                file = spool;
                file.Position = 0;
            }

            return format switch
            {
                Format.Npz => new NpzSource(file, name, array),
                Format.Parquet => new ParquetSource(file, name),
                Format.Arrow => new ArrowSource(file, name),
                Format.Hdf5 => new Hdf5Source(file, name, array),
                _ => new CsvSource(file, name, zipped),
            };
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
    public static void Write(string path, IReadOnlyList<OutputColumn> columns) => WriteParts(path, [columns]);

    /// <summary>The same of rows that are written while they come, so that memory does not grow with their number: text some hundred
    /// rows at a time, NPZ by way of the disk, Parquet and Arrow a group of rows at a time. HDF5 is written whole.</summary>
    /// <param name="path">The file; - is CSV on <paramref name="standardOutput"/>.</param>
    /// <param name="standardOutput">Standard output, which stays open.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns of some rows, always the same ones; of no rows too.</param>
    public static void Write<T>(
        string path, Stream standardOutput, IEnumerable<T> rows, Func<IReadOnlyList<T>, IReadOnlyList<OutputColumn>> columns)
    {
        Format format = path == "-" ? Format.Csv : FormatOf(path);
        IEnumerable<IReadOnlyList<OutputColumn>> parts = Parts(
            rows, format is Format.Csv or Format.ZippedCsv ? RowsBetweenFlushes : format == Format.Hdf5 ? int.MaxValue : RowsOfGroup)
            .Select(columns);
        if (path == "-")
        {
            WriteCsv(standardOutput, parts);
        }
        else
        {
            WriteParts(path, parts);
        }
    }

    private static void WriteParts(string path, IEnumerable<IReadOnlyList<OutputColumn>> parts)
    {
        switch (FormatOf(path))
        {
            case Format.Npz:
                WriteNpz(path, parts);
                break;
            case Format.Parquet:
                AtomicFile.Write(path, file => WriteParquet(file, parts).GetAwaiter().GetResult(), seeks: true);
                break;
            case Format.Arrow:
                AtomicFile.Write(path, file => ArrowSource.Write(file, parts), seeks: true);
                break;
            case Format.Hdf5:
                AtomicFile.Write(path, file => Hdf5Source.Write(file, ("", parts.Single())), seeks: true);
                break;
            default:
                WriteText(path, file => WriteCsv(file, parts));
                break;
        }
    }

    // At least one part, which may be empty.
    private static IEnumerable<IReadOnlyList<T>> Parts<T>(IEnumerable<T> rows, int size)
    {
        List<T> part = new(Math.Min(size, RowsOfGroup));
        bool any = false;
        foreach (T row in rows)
        {
            part.Add(row);
            if (part.Count == size)
            {
                yield return part;
                any = true;
                part.Clear();
            }
        }

        if (part.Count > 0 || !any)
        {
            yield return part;
        }
    }

    /// <summary>Writes several tables into one HDF5 file.</summary>
    public static void Write(string path, params (string Name, IReadOnlyList<OutputColumn> Columns)[] tables) =>
        AtomicFile.Write(path, file => Hdf5Source.Write(file, tables), seeks: true);

    /// <summary>Whether the name ends in .h5 or .hdf5: such a file holds several tables by name.</summary>
    public static bool HoldsSeveral(string path) => FormatByEnding(path) == Format.Hdf5;

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

    /// <summary>Writes CSV with a header; a number that does not exist is left empty. The stream stays open, and gets each part as soon as
    /// it is there.</summary>
    public static void WriteCsv(Stream stream, IEnumerable<IReadOnlyList<OutputColumn>> parts)
    {
        using StreamWriter writer = new(stream, _utf8, 1 << 16, leaveOpen: true);
        bool begun = false;
        foreach (IReadOnlyList<OutputColumn> columns in parts)
        {
            for (int c = 0; c < columns.Count && !begun; c++)
            {
                columns[c].WriteName(writer);
                writer.Write(c + 1 == columns.Count ? '\n' : ',');
            }

            begun = true;
            for (int row = 0; row < CountOf(columns); row++)
            {
                for (int c = 0; c < columns.Count; c++)
                {
                    columns[c].WriteField(writer, row);
                    writer.Write(c + 1 == columns.Count ? '\n' : ',');
                }
            }

            writer.Flush();
        }
    }

    private static int CountOf(IReadOnlyList<OutputColumn> columns) => columns.All(column => column.Count == columns[0].Count)
        ? columns[0].Count : throw new ArgumentException("Give columns of equal length.", nameof(columns));

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

    private static void WriteNpz(string path, IEnumerable<IReadOnlyList<OutputColumn>> parts)
    {
        using NpzWriter writer = new(path);
        Action<OutputColumn>[] append = [];
        foreach (IReadOnlyList<OutputColumn> columns in parts)
        {
            _ = CountOf(columns);
            append = append.Length > 0 ? append : [.. columns.Select(column => column.Begin(writer))];
            for (int c = 0; c < append.Length; c++)
            {
                append[c](columns[c]);
            }
        }

        writer.Commit();
    }

    private static async Task WriteParquet(Stream file, IEnumerable<IReadOnlyList<OutputColumn>> parts)
    {
        ParquetWriter? writer = null;
        ParquetSchema? schema = null;
        try
        {
            foreach (IReadOnlyList<OutputColumn> columns in parts)
            {
                _ = CountOf(columns);
                schema ??= new(columns.Select(column => column.Field));
                writer ??= await ParquetWriter.CreateAsync(schema, file).ConfigureAwait(false);
                writer.CustomMetadata = ParquetLayout.Unsealed;
                using ParquetRowGroupWriter rows = writer.CreateRowGroup();
                for (int c = 0; c < columns.Count; c++)
                {
                    await columns[c].AddTo(rows, schema.DataFields[c]).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (writer is not null)
            {
                await writer.DisposeAsync().ConfigureAwait(false);
            }
        }

        ParquetLayout.Seal(file);
    }
}
