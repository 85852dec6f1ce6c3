using System.Text;

namespace Sagitta.Physics.Events;

/// <summary>
/// Hits of a CSV table of any length, plain or gzip, some thousand events at a time, so that memory does not grow with the table. Of a file
/// whose rows are not in the order of their events, and of other formats, all hits come at once, as <see cref="MuonHitReader"/> reads them.
/// A pipe can't be looked at twice: there an event that comes again after the block with it has gone is bad input.
/// </summary>
internal sealed class MuonHitBlocks
{
    /// <summary>The name that stands for standard input.</summary>
    public const string StandardInput = "-";

    private const int MostEvents = 4096;
    private const int MostBytes = 1 << 22;
    private readonly CsvLines _lines;
    private readonly string _name;
    private readonly byte[] _header;
    private readonly char _separator;
    private readonly int _column;

    private MuonHitBlocks(CsvLines lines, string name, string column)
    {
        (_lines, _name) = (lines, name);
        while (_lines.Next() && _lines.Current.Trim("\r\n \t"u8).IsEmpty)
        {
        }

        _header = _lines.Current.ToArray();
        string names = TableFile.IsBinary(_header)
            ? "" : Encoding.UTF8.GetString(_header).TrimStart('\uFEFF').TrimEnd();
        _separator = ",;\t".MaxBy(separator => names.Count(character => character == separator));
        _column = Array.FindIndex(names.Split(_separator), field => field.Trim().Trim('"') == column);
    }

    /// <summary>The hits of a file, or of standard input, in order of their events.</summary>
    /// <exception cref="BadInputException">A column is missing, a value can't be used, or events of a pipe are not in order.</exception>
    public static IEnumerable<MuonHits> Read(string path, Detector detector, ColumnMapping? mapping = null)
    {
        bool piped = path == StandardInput || PosixFile.IsSpecial(Path.GetFullPath(path));
        if (!piped && !InOrder(path, ColumnOf(mapping)))
        {
            yield return MuonHitReader.Read(path, detector, mapping);
            yield break;
        }

        string name = path == StandardInput ? "standard input" : path;
        using Stream stream = path == StandardInput ? Console.OpenStandardInput()
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        using CsvLines lines = new(stream, name);
        MuonHitBlocks blocks = new(lines, name, ColumnOf(mapping));
        if (blocks._column < 0)
        {
            byte[] whole = lines.Again();
            yield return EventFile.TryReadHits(whole, name, detector) is { } hits ? new(hits, [])
                : MuonHitReader.Read(new MemoryStream(whole), name, detector, mapping);
            yield break;
        }

        foreach ((byte[] text, long line) in blocks.Cut())
        {
            yield return Read(text, line, name, detector, mapping);
        }
    }

    private static string ColumnOf(ColumnMapping? mapping) => mapping?.Columns.GetValueOrDefault("event")?.Source ?? "event";

    // The reader counts lines of the block: its second line is line firstLine of the file.
    private static MuonHits Read(byte[] text, long firstLine, string name, Detector detector, ColumnMapping? mapping)
    {
        // A block is no gzip any more.
        string block = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        try
        {
            MuonHits hits = MuonHitReader.Read(new MemoryStream(text), block, detector, mapping);
            return hits with { Notes = [.. hits.Notes.Select(note => note.Replace($"'{block}'", $"'{name}'", StringComparison.Ordinal))] };
        }
        catch (BadInputException problem)
        {
            string[] parts = problem.Where.Replace(block, name, StringComparison.Ordinal).Split(", ");
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i] = parts[i].StartsWith("line ", StringComparison.Ordinal)
                    && NumberText.TryRead(parts[i].AsSpan(5), out long line) && line > 1
                    ? string.Create(CultureInfo.InvariantCulture, $"line {line - 2 + firstLine}") : parts[i];
            }

            throw new BadInputException(string.Join(", ", parts), problem.Problem, problem.Remedy, problem);
        }
    }

    // Whether blocks of the file can be cut. Where events have a table of their own beside, or it is not there, they can't.
    private static bool InOrder(string path, string column)
    {
        if (!File.Exists(path) || (path.EndsWith("_hits.csv", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith("_hits.csv.gz", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        using CsvLines lines = new(stream, path);
        MuonHitBlocks blocks = new(lines, path, column);
        double last = double.NegativeInfinity;
        while (blocks._column >= 0 && lines.Next())
        {
            double number = blocks.Number(lines.Current) ?? last;
            if (number < last)
            {
                return false;
            }

            last = number;
        }

        return blocks._column >= 0;
    }

    private IEnumerable<(byte[] Text, long FirstLine)> Cut()
    {
        MemoryStream block = new();
        block.Write(_header);
        long first = _lines.NextNumber;
        int events = 0;
        double current = double.NaN, largest = double.NegativeInfinity, gone = double.NegativeInfinity;
        while (_lines.Next())
        {
            double number = Number(_lines.Current) ?? current;
            if (number != current && (events == MostEvents || block.Length > MostBytes))
            {
                yield return (block.ToArray(), first);
                block.SetLength(0);
                block.Write(_header);
                (events, gone, first) = (0, largest, _lines.Number);
            }

            if (number <= gone)
            {
                throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"{_name}, line {_lines.Number}"),
                    string.Create(CultureInfo.InvariantCulture, $"event {number} comes after event {gone}, whose track is out already"),
                    "sort the rows by event, or give the table as a file: there they may have any order");
            }

            events += number != current ? 1 : 0;
            current = number;
            largest = Math.Max(largest, double.IsNaN(number) ? largest : number);
            block.Write(_lines.Current);
        }

        yield return (block.ToArray(), first);
    }

    // The event of a row; null where there is none to read, which the reader tells.
    private double? Number(ReadOnlySpan<byte> row)
    {
        int field = 0, start = 0;
        bool quoted = false;
        for (int i = 0; i <= row.Length; i++)
        {
            byte character = i < row.Length ? row[i] : (byte)_separator;
            quoted ^= character == (byte)'"';
            if (character == (byte)_separator && (!quoted || i == row.Length))
            {
                if (field == _column)
                {
                    return NumberText.TryRead(row[start..i].Trim("\r\n \t\""u8), out double number) ? number : null;
                }

                (field, start) = (field + 1, i + 1);
            }
        }

        return null;
    }
}
