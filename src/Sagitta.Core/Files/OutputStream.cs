namespace Sagitta.Core.Files;

/// <summary>
/// A stream to write to whose failures name the file that the user asked for: a full disk, a reader that has gone, a device that refuses.
/// </summary>
internal sealed class OutputStream : Stream
{
    private readonly Stream? _inner;
    private readonly int _descriptor;
    private readonly string _name;
    private readonly bool _keeps;

    /// <summary>Writes to a stream, which is closed with this one.</summary>
    /// <param name="inner">The stream.</param>
    /// <param name="name">The output as the user calls it.</param>
    /// <param name="keeps">Whether what was written stays there after a failure.</param>
    public OutputStream(Stream inner, string name, bool keeps = false) => (_inner, _name, _keeps) = (inner, name, keeps);

    /// <summary>Writes to an open descriptor, which stays open.</summary>
    public OutputStream(int descriptor, string name) => (_descriptor, _name, _keeps) = (descriptor, name, true);

    /// <summary>Standard output; what is written is there at once.</summary>
    public static Stream Standard() => OperatingSystem.IsWindows()
        ? new OutputStream(Console.OpenStandardOutput(), "standard output", keeps: true)
        : new OutputStream(1, "standard output");

    /// <inheritdoc />
    public override bool CanRead => _inner is { CanRead: true };

    /// <inheritdoc />
    public override bool CanSeek => _inner is { CanSeek: true };

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override long Length => _inner?.Length ?? throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => _inner?.Position ?? throw new NotSupportedException();
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <inheritdoc />
    public override void Flush() => Guarded(0, static (stream, _) => stream._inner?.Flush());

    /// <summary>Flushes to the disk, where there is one.</summary>
    public void FlushToDisk() => Guarded(0, static (stream, _) =>
    {
        if (stream._inner is FileStream file)
        {
            file.Flush(flushToDisk: true);
        }
    });

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => _inner?.Read(buffer, offset, count)
        ?? throw new NotSupportedException();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => _inner?.Seek(offset, origin) ?? throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => Guarded(value, static (stream, length) =>
        (stream._inner ?? throw new NotSupportedException()).SetLength(length));

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            if (_inner is null)
            {
                PosixFile.Write(_descriptor, buffer);
            }
            else
            {
                _inner.Write(buffer);
            }
        }
        catch (IOException problem)
        {
            throw new WriteFailedException(_name, problem, _keeps);
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                _inner?.Dispose();
            }
            catch (IOException)
            {
                // What could not be written was told by the write or the flush before: nothing is lost without a word.
            }
        }

        base.Dispose(disposing);
    }

    private void Guarded<T>(T argument, Action<OutputStream, T> work)
    {
        try
        {
            work(this, argument);
        }
        catch (IOException problem)
        {
            throw new WriteFailedException(_name, problem, _keeps);
        }
    }
}

/// <summary>An output that could not be written to its end. The command line prints the message and ends with exit code 1; where a reader
/// closed its end, it says nothing and ends with 0.</summary>
internal sealed class WriteFailedException : Exception
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int BrokenPipe = 32;
    private const int BadDescriptor = 9;

    /// <summary>Says what happened to an output.</summary>
    /// <param name="name">The output as the user calls it.</param>
    /// <param name="problem">What the system said.</param>
    /// <param name="kept">Whether what was written before stays there.</param>
    public WriteFailedException(string name, Exception problem, bool kept = false)
        : base(Told(name, problem, kept), problem) => ReaderGone = problem is IOException && problem.HResult == BrokenPipe;

    /// <summary>Whether the reader at the other end of a pipe has closed it.</summary>
    public bool ReaderGone { get; }

    private static string Told(string name, Exception problem, bool kept) => problem.HResult switch
    {
        NoSpace or QuotaExceeded => $"{name}: no space left there; {(kept ? "what was written before stands there, cut off"
            : "nothing of it was kept")}, free some space or write elsewhere",
        BadDescriptor => $"{name}: it is closed; open it, or write to a file",
        _ => $"{name}: writing failed ({problem.Message.Split(" : '")[0].ReplaceLineEndings(" ")}); write elsewhere",
    };
}
