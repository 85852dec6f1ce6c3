using System.IO.Compression;
using CsvHelper;

namespace Sagitta.Physics.Deposits;

/// <summary>
/// Reads named number columns of a CSV file with a header, gzipped where its name ends in .gz. Errors name file, line and column.
/// </summary>
internal sealed class NumberTable : IDisposable
{
    private readonly string _path;
    private readonly Stream _stream;
    private readonly CsvReader _reader;
    private readonly string[] _columns;
    private readonly int[] _fields;
    private readonly double[] _values;
    private long _line = 1;

    /// <summary>Opens the file and finds the columns.</summary>
    /// <exception cref="BadInputException">The file is missing, not gzip despite its name, or lacks a column.</exception>
    public NumberTable(string path, params ReadOnlySpan<string> columns)
    {
        _path = path;
        _columns = columns.ToArray();
        _values = new double[columns.Length];
        if (!File.Exists(path))
        {
            throw new BadInputException($"'{path}'", "there is no such file", "give the path of a CSV file, plain or .gz");
        }

        Stream file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        _stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        bool opened = false;
        try
        {
            _reader = CsvReader.Create(_stream, new CsvReaderOptions(), leaveOpen: true);
            _ = Guarded(() =>
            {
                _reader.ReadHeader();
                return true;
            });
            IReadOnlyList<string> headers = _reader.Headers ?? [];
            _fields = new int[_columns.Length];
            for (int c = 0; c < _columns.Length; c++)
            {
                _fields[c] = -1;
                for (int h = 0; h < headers.Count; h++)
                {
                    _fields[c] = headers[h] == _columns[c] ? h : _fields[c];
                }

                if (_fields[c] < 0)
                {
                    throw new BadInputException($"{path}, line 1", $"column '{_columns[c]}' is missing",
                        $"give a header with {string.Join(',', _columns)}");
                }
            }

            opened = true;
        }
        finally
        {
            if (!opened)
            {
                _reader?.Dispose();
                _stream.Dispose();
            }
        }
    }

    /// <summary>Line of the current row, the header being line 1.</summary>
    public long Line => _line;

    /// <summary>Values of the current row, in the order in which the columns were asked for.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Reads the next row; false at the end.</summary>
    /// <exception cref="BadInputException">A field is missing or not a finite number.</exception>
    public bool Read()
    {
        if (!Guarded(_reader.Read))
        {
            return false;
        }

        _line++;
        for (int c = 0; c < _fields.Length; c++)
        {
            if (_fields[c] >= _reader.FieldCount)
            {
                throw Bad(c, "the field is missing", "complete the row, or cut the file there");
            }

            if (!_reader.TryParse(_fields[c], out double value) || !double.IsFinite(value))
            {
                throw Bad(c, $"'{_reader.GetString(_fields[c])}' is not a number", "give a number such as 0.5");
            }

            _values[c] = value;
        }

        return true;
    }

    /// <summary>A value of the current row as a whole number within bounds.</summary>
    public long Integer(int column, long low, long high)
    {
        double value = _values[column];
        return value == Math.Floor(value) && value >= low && value <= high
            ? (long)value
            : throw Bad(column, string.Create(CultureInfo.InvariantCulture, $"{value} is not a whole number from {low} to {high}"),
                "correct it");
    }

    /// <summary>An error about a column of the current row, to be thrown.</summary>
    public BadInputException Bad(int column, string problem, string remedy) =>
        new($"{_path}, line {_line}, column '{_columns[column]}'", problem, remedy);

    /// <inheritdoc />
    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    private bool Guarded(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is CsvFormatException or InvalidDataException or IOException)
        {
            throw new BadInputException($"{_path}, line {_line + 1}", problem.Message, "give a whole CSV file", problem);
        }
    }
}
