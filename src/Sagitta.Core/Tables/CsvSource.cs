using CsvHelper;

namespace Sagitta.Core.Tables;

/// <summary>A CSV file with a header; comma, semicolon or tab stands between its fields. Errors name file, line and column.</summary>
internal sealed class CsvSource : TableSource
{
    private readonly Stream _file;
    private readonly bool _zipped;
    private readonly long _start;
    private readonly long _headerLine;

    // Rows whose line is not the one after that of the row before: blank lines and fields of several lines are rare.
    private readonly List<(long Row, long Line)> _jumps = [];
    private readonly char? _separator;
    private CsvStream _text;
    private CsvReader _reader;
    private bool _looks;
    private long _row;
    private long _line;

    // Lines that were passed over before the reader began.
    private long _passed;

    /// <summary>Reads the header.</summary>
    /// <param name="file">A stream at its start, closed with the source.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="zipped">Whether it is gzip.</param>
    public CsvSource(Stream file, string name, bool zipped)
        : base(name)
    {
        (_file, _zipped, _start) = (file, zipped, file.CanSeek ? file.Position : 0);
        _text = new(file, name, zipped);
        if (_text.Head.IndexOfAnyExcept("\r\n"u8) < 0)
        {
            throw new BadInputException($"'{name}'", "the file is empty", "give a header line and rows below it");
        }

        // Zero bytes are a half of the characters of UTF-16, which says so at its beginning.
        if (_text.Head.Contains((byte)0) && !_text.Head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])
            && !_text.Head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) && !_text.Head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
        {
            throw new BadInputException($"'{name}'", "this is no text, or not in UTF-8: it holds zero bytes",
                "give CSV in UTF-8, NPZ, Parquet, Arrow or HDF5");
        }

        _headerLine = 1 + LinesBefore(_text.Head);
        _separator = SeparatorOf(_text.Head);
        _reader = Reader();
        Names = ReadHeader();
    }

    internal override string Place => $"{Name}, line {_headerLine}";

    internal override bool CanRewind => _file.CanSeek;

    internal override string PlaceOf(long row, string column)
    {
        (long first, long line) = _jumps.FindLast(jump => jump.Row <= row);
        return $"{Name}, line {line + row - first}, column '{column}'";
    }

    private protected override void Rewind()
    {
        _file.Position = _start;
        _text = new(_file, Name, _zipped);
        _reader = Reader();
        _jumps.Clear();
        (_row, _passed, _looks) = (0, 0, false);
    }

    private protected override bool? FillQuickly(IReadOnlyList<ColumnBuffer> columns, List<string> notes, int most)
    {
        if (_headerLine != 1 || _separator is not { } separator)
        {
            return null;
        }

        if (!_looks)
        {
            _file.Position = _start;
            _text = new(_file, Name, _zipped);
            _looks = _text.TryLine(out _);
        }

        List<string> names = [.. Names];
        int[] fields = [.. columns.Select(column => names.IndexOf(column.Source))];
        for (int rows = 0; rows < most; rows++)
        {
            if (!_text.TryLine(out ReadOnlySpan<byte> rest))
            {
                NoteEnd(notes);
                return _text.IsPlain ? false : null;
            }

            for (int field = 0, left = fields.Length; left > 0; field++)
            {
                int length = rest.IndexOf((byte)separator);
                for (int c = 0; c < fields.Length; c++)
                {
                    if (fields[c] != field)
                    {
                        continue;
                    }

                    left--;
                    if (columns[c].Add(length < 0 ? rest : rest[..length]) is not null)
                    {
                        return null;
                    }
                }

                if (length < 0 && left > 0)
                {
                    return null;
                }

                rest = rest[(length + 1)..];
            }
        }

        return true;
    }

    // Where each line is a row, lines are counted; else rows are told apart, and their fields counted, but not looked at.
    private protected override long Skip(IReadOnlyList<ColumnBuffer> columns, long most)
    {
        if (Share!.Index.IsPlain)
        {
            _file.Position = _start;
            _text = new(_file, Name, _zipped);
            for (long line = 0; line <= most && _text.TryLine(out _); line++)
            {
            }

            _reader = Reader(hasHeader: false);
            (_row, _passed) = (most, most + 1);
            return most;
        }

        long before = _row;
        Fill([], [], (int)Math.Min(most, int.MaxValue));
        return _row - before;
    }

    private protected override bool Fill(IReadOnlyList<ColumnBuffer> columns, List<string> notes, int most)
    {
        int[] fields = [.. columns.Select(column => Names.ToList().IndexOf(column.Source))];

        // What was taken out is not asked for again.
        long first = columns.Count > 0 ? columns[0].Taken : 0;
        _jumps.RemoveRange(0, Math.Max(_jumps.FindLastIndex(jump => jump.Row <= first), 0));
        Func<bool> read = _reader.Read;
        for (int rows = 0; rows < most;)
        {
            if (!Guarded(read))
            {
                NoteEnd(notes);
                return false;
            }

            int count = _reader.FieldCount;
            if (count == 1 && Names.Count > 1 && _reader.GetSpan(0).Trim(" \t"u8).IsEmpty)
            {
                continue;
            }

            long line = _passed + _reader.LineNumber;
            if (line != _line + 1)
            {
                _jumps.Add((_row, line));
            }

            _line = line;
            if (count != Names.Count)
            {
                throw new BadInputException($"{Name}, line {line}", $"the row has {count} fields, the header {Names.Count}",
                    count < Names.Count
                    ? "complete the row, or cut the file there"
                        : "write numbers with a decimal point, and put texts that hold the separator in quotes");
            }

            for (int c = 0; c < fields.Length; c++)
            {
                if (columns[c].Add(_reader.GetSpan(fields[c])) is { } problem)
                {
                    Accept(problem, columns[c]);
                }
            }

            (_row, rows) = (_row + 1, rows + 1);
        }

        return true;
    }

    protected override void Dispose(bool disposing) => _reader.Dispose();

    private void NoteEnd(List<string> notes)
    {
        if (!_text.EndsWithLine)
        {
            notes.Add($"'{Name}': the last line has no end: make sure that the file was not cut off");
        }
    }

    private CsvReader Reader(bool hasHeader = true) => CsvReader.Create(_text, new CsvReaderOptions
    {
        Separator = _separator,
        HasHeader = hasHeader,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = 1 << 20,
    });

    private string[] ReadHeader() => Guarded(() =>
    {
        _reader.ReadHeader();
        return (string[])[.. (_reader.Headers ?? []).Select(header => header.Trim())];
    });

    private static int LinesBefore(ReadOnlySpan<byte> text)
    {
        int lines = 0;
        for (int i = 0; i < text.Length && text[i] is (byte)'\r' or (byte)'\n'; i++)
        {
            lines += text[i] == (byte)'\n' ? 1 : 0;
        }

        return lines;
    }

    /// <summary>What stands most often between the names of the header; null where the file states it as Excel does.</summary>
    private static char? SeparatorOf(ReadOnlySpan<byte> text)
    {
        Span<int> counts = stackalloc int[3];
        ReadOnlySpan<byte> header = text[Math.Max(0, text.IndexOfAnyExcept<byte>([(byte)'\r', (byte)'\n', 0xEF, 0xBB, 0xBF]))..];
        if (header.StartsWith("sep="u8))
        {
            return null;
        }

        bool quoted = false;
        foreach (byte character in header)
        {
            if (!quoted && character is (byte)'\r' or (byte)'\n')
            {
                break;
            }

            quoted ^= character == (byte)'"';
            int which = quoted ? -1 : ",;\t".IndexOf((char)character, StringComparison.Ordinal);
            if (which >= 0)
            {
                counts[which]++;
            }
        }

        return counts[1] > counts[0] && counts[1] >= counts[2] ? ';' : counts[2] > counts[0] ? '\t' : ',';
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException problem)
        {
            // The package names record, line and byte as well: "Malformed CSV in record 2 (line 2): a quote ... (byte offset 26)."
            string told = problem.Message.Split("): ")[^1].Split(" (byte")[0];
            bool open = told.Contains("never closed", StringComparison.Ordinal) || told.Contains(nameof(CsvReaderOptions.MaxRecordSize),
                StringComparison.Ordinal);
            throw new BadInputException($"{Name}, line {_passed + Math.Max(problem.LineNumber, 1)}", !open ? told
                : "a quote is left open, or the row is longer than 1 MB", open ? "close it" : "mend the quotes, or write the file again",
                problem);
        }
    }
}
