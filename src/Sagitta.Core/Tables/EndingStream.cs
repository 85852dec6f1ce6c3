namespace Sagitta.Core.Tables;

/// <summary>A seekable stream whose end can't be read past for ever: decoders that look for more in damaged files wait there
/// else.</summary>
/// <param name="file">The stream, closed with this one.</param>
/// <param name="check">What looks at each piece that is read, and where it stood, before the decoder does.</param>
internal sealed class EndingStream(Stream file, PieceCheck? check = null) : Stream
{
    private const int MostReadsAtEnd = 8;
    private int _readsAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        long at = check is null ? 0 : file.Position;
        int count = file.Read(buffer);
        check?.Invoke(at, buffer[..count]);
        _readsAtEnd = count == 0 && !buffer.IsEmpty ? _readsAtEnd + 1 : 0;
        return _readsAtEnd <= MostReadsAtEnd ? count : throw new EndOfStreamException("it ends too early");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>Looks at a piece of a file.</summary>
internal delegate void PieceCheck(long at, ReadOnlySpan<byte> piece);
