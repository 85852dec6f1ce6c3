namespace Sagitta.Core.Files;

/// <summary>Reads one array of an archive from front to back in pieces, so that memory does not grow with the file.</summary>
internal sealed class NpzColumnReader<T> : IDisposable
    where T : unmanaged
{
    private readonly NpzEntryStream _stream;

    internal NpzColumnReader(NpzEntryStream stream, NpyHeader header)
    {
        _stream = stream;
        Header = header;
        Remaining = header.Count;
    }

    /// <summary>Type and shape of the whole array.</summary>
    public NpyHeader Header { get; }

    /// <summary>Elements not yet read.</summary>
    public long Remaining { get; private set; }

    /// <summary>Fills the span with the next elements; after the last ones the entry's checksum is compared.</summary>
    public void Read(Span<T> values)
    {
        if (values.Length > Remaining)
        {
            throw new ArgumentException($"{Remaining} elements remain, {values.Length} are asked for: look at Remaining first.",
                nameof(values));
        }

        NpzReader.ReadBlocks(_stream, values);
        Remaining -= values.Length;
        if (Remaining == 0 && values.Length > 0)
        {
            _stream.Finish();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _stream.Dispose();
}
