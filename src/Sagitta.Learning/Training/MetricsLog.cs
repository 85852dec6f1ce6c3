using System.Text;

namespace Sagitta.Learning.Training;

/// <summary>
/// The growing table <c>metrics.csv</c> of a training run: a header, then one row a step, each on disk as soon as it is written. The
/// first column is the step. A run that goes on from a checkpoint first drops the rows after it, so that the file of an interrupted run
/// ends up the same as that of one that was never interrupted. <see cref="TensorBoardLog"/> stands beside it.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly OutputStream _stream;
    private readonly TensorBoardLog _events;
    private readonly int _columns;

    private MetricsLog(OutputStream stream, TensorBoardLog events, int columns) => (_stream, _events, _columns) = (stream, events, columns);

    /// <summary>Begins a table, replacing an older one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names of the columns after "step".</param>
    public static MetricsLog Create(string path, IReadOnlyList<string> columns)
    {
        AtomicFile.WriteText(path, Header(columns));
        return Open(path, columns);
    }

    /// <summary>Goes on with a table after a step; later rows and an unfinished last line are dropped. A missing file is begun
    /// anew.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names of the columns after "step", which must be those of the file.</param>
    /// <param name="step">The last step to keep.</param>
    /// <exception cref="BadInputException">The file has other columns, or a row that does not begin with a step.</exception>
    public static MetricsLog Resume(string path, IReadOnlyList<string> columns, long step)
    {
        if (!File.Exists(path))
        {
            return Create(path, columns);
        }

        string header = Header(columns);
        string text = File.ReadAllText(path);
        if (!text.StartsWith(header, StringComparison.Ordinal))
        {
            throw new BadInputException(
                $"'{path}', line 1", $"has other columns than '{header.TrimEnd()}'", "give another output folder, or begin the run anew");
        }

        StringBuilder kept = new(header);
        int start = header.Length;
        int line = 2;
        for (int end = text.IndexOf('\n', start); end >= 0; start = end + 1, end = text.IndexOf('\n', start), line++)
        {
            ReadOnlySpan<char> row = text.AsSpan(start, end - start);
            int comma = row.IndexOf(',');
            if (!NumberText.TryRead(comma < 0 ? row : row[..comma], out long number))
            {
                throw new BadInputException(
                    string.Create(CultureInfo.InvariantCulture, $"'{path}', line {line}"), "does not begin with a step number",
                        "give another output folder, or begin the run anew");
            }

            if (number <= step)
            {
                kept.Append(row).Append('\n');
            }
        }

        AtomicFile.WriteText(path, kept.ToString());
        return Open(path, columns);
    }

    /// <summary>Appends a row. What is not finite leaves its field empty.</summary>
    /// <exception cref="WriteFailedException">The disk is full: the run ends, and goes on later from its last checkpoint.</exception>
    public void Append(long step, params ReadOnlySpan<double> values)
    {
        if (values.Length != _columns)
        {
            throw new ArgumentException($"A row has {_columns} values after the step, not {values.Length}.", nameof(values));
        }

        StringBuilder row = new();
        row.Append(step.ToString(CultureInfo.InvariantCulture));
        foreach (double value in values)
        {
            row.Append(',').Append(double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "");
        }

        _stream.Write(Encoding.UTF8.GetBytes(row.Append('\n').ToString()));
        _stream.Flush();
        _events.Append(step, values);
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        _events.Dispose();
    }

    private static MetricsLog Open(string path, IReadOnlyList<string> columns)
    {
        TensorBoardLog events = new(path, columns);
        return new(new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), $"'{path}'", keeps: true), events,
            columns.Count);
    }

    private static string Header(IReadOnlyList<string> columns)
    {
        foreach (string column in columns)
        {
            if (column.Length == 0 || column.AsSpan().IndexOfAny(",\"\n\r") >= 0)
            {
                throw new ArgumentException($"'{column}' cannot name a column: no commas, quotes or line breaks.", nameof(columns));
            }
        }

        return columns.Count == 0 ? "step\n" : $"step,{string.Join(',', columns)}\n";
    }
}
