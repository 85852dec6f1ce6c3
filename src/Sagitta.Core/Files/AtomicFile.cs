using System.Text;

namespace Sagitta.Core.Files;

/// <summary>
/// A file that appears under its name only when it is whole: written beside it under a temporary name, flushed to the disk,
/// renamed on <see cref="Commit"/>. Disposed without a commit it leaves what was there before.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private static int _serial;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _committed;

    /// <summary>Begins a file; missing folders are made.</summary>
    public AtomicFile(string path)
    {
        FinalPath = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(FinalPath)
            ?? throw new BadInputException($"'{path}'", "this is a folder", "give the name of a file to write");
        if (Directory.Exists(FinalPath))
        {
            throw new BadInputException($"'{path}'", "this is a folder", "give the name of a file to write");
        }

        string serial = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref _serial)}");
        _temporary = Path.Combine(folder, $".{Path.GetFileName(FinalPath)}.{serial}.partial");
        try
        {
            Directory.CreateDirectory(folder);
            _stream = new(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            throw new BadInputException($"'{path}'", $"can't be written ({problem.Message})", "give a place that can be written to",
                problem);
        }
    }

    /// <summary>Where the file will be.</summary>
    public string FinalPath { get; }

    /// <summary>What to write to; seekable.</summary>
    public Stream Stream => _stream;

    /// <summary>Writes a whole file.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        using AtomicFile file = new(path);
        write(file.Stream);
        file.Commit();
    }

    /// <summary>Writes a whole text file in UTF-8 without byte-order mark.</summary>
    public static void WriteText(string path, string text)
    {
        using AtomicFile file = new(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(text));
        file.Commit();
    }

    /// <summary>Flushes to the disk and gives the file its name, replacing an older one.</summary>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_committed, this);
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_temporary, FinalPath, overwrite: true);
        _committed = true;
    }

    /// <summary>Removes the temporary file if nothing was committed.</summary>
    public void Dispose()
    {
        if (!_committed)
        {
            _stream.Dispose();
            File.Delete(_temporary);
        }
    }
}
