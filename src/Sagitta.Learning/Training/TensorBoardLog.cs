using System.Buffers.Binary;
using System.Numerics;

namespace Sagitta.Learning.Training;

/// <summary>
/// The rows of <see cref="MetricsLog"/> as an event file that TensorBoard reads (the fields of event.proto and summary.proto, in records
/// with masked CRC-32C). It has no clock: the same training gives the same bytes, and events are to be shown by their steps.
/// </summary>
internal sealed class TensorBoardLog : IDisposable
{
    // TensorBoard takes files for its own whose names hold "tfevents".
    private const string Ending = ".tfevents";
    private readonly OutputStream _stream;
    private readonly IReadOnlyList<string> _columns;

    /// <summary>Begins the file beside a table, replacing an older one, with the rows that the table has.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Names of its columns after the step.</param>
    public TensorBoardLog(string table, IReadOnlyList<string> columns)
    {
        _columns = columns;
        string path = Path.ChangeExtension(table, Ending);
        _stream = new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read), $"'{path}'", keeps: true);
        Write(new WireMessage().Double(1, 0).Text(3, "brain.Event:2"));
        foreach (string row in File.ReadLines(table).Skip(1))
        {
            string[] fields = row.Split(',');
            double[] values = [.. fields.Skip(1).Select(field => NumberText.TryRead(field, out double value) ? value : double.NaN)];
            Append(NumberText.Read<long>(fields[0], "step"), values);
        }
    }

    /// <summary>Appends a row; what is not finite is left out.</summary>
    public void Append(long step, ReadOnlySpan<double> values)
    {
        WireMessage summary = new();
        for (int c = 0; c < values.Length; c++)
        {
            if (double.IsFinite(values[c]))
            {
                summary.Message(1, new WireMessage().Text(1, _columns[c]).Float(2, (float)values[c]));
            }
        }

        Write(new WireMessage().Double(1, 0).Number(2, step).Message(5, summary));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private void Write(WireMessage message)
    {
        byte[] record = new byte[16 + message.Bytes.Length];
        BinaryPrimitives.WriteInt64LittleEndian(record, message.Bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), Checksum(record.AsSpan(0, 8)));
        message.Bytes.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(record.Length - 4), Checksum(message.Bytes));
        _stream.Write(record);
        _stream.Flush();
    }

    // Rotated and shifted, so that the checksum of a text with its checksum in it is none of the usual ones.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte each in bytes)
        {
            sum = BitOperations.Crc32C(sum, each);
        }

        return BitOperations.RotateRight(~sum, 15) + 0xa282ead8;
    }
}
