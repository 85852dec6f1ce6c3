using System.Collections.Concurrent;
using System.Text;

namespace Sagitta.Core.Files;

/// <summary>
/// A file that appears under its name only when it is whole: written beside it under a temporary name, flushed to the disk,
/// renamed on <see cref="Commit"/>. Disposed without a commit it leaves what was there before. A link is followed, and its target
/// replaced; the mode of what is replaced stays. A FIFO, a device or a descriptor is no file that could be replaced: it is written through.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private const string Pattern = ".sagitta-*.partial";
    private static readonly TimeSpan _youngest = TimeSpan.FromMinutes(1);
    private static readonly ConcurrentDictionary<string, bool> _unfinished = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, bool> _swept = new(StringComparer.Ordinal);
    private readonly string _temporary = "";
    private readonly FileStream? _spool;
    private readonly OutputStream _stream;
    private bool _committed;

    /// <summary>Begins a file; missing folders are made.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="seeks">Whether the writer moves about in the stream, or reads it back: a pipe then gets all of it at the end.</param>
    public AtomicFile(string path, bool seeks = false)
    {
        if (path is "" or "-")
        {
            throw new BadInputException($"'{path}'", path.Length == 0 ? "the name is empty" : "this output can't go to standard output",
                "give the name of a file to write");
        }

        Name = $"'{path}'";
        FinalPath = Path.GetFullPath(path);
        try
        {
            IsSpecial = PosixFile.IsSpecial(FinalPath);
            if (IsSpecial)
            {
                _stream = Through();
                _spool = seeks ? Spool(Path.GetTempPath()) : null;
                return;
            }

            FinalPath = new FileInfo(FinalPath) is { LinkTarget: not null } link
                ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : FinalPath;
            string folder = Path.GetDirectoryName(FinalPath) ?? "";
            if (folder.Length == 0 || Directory.Exists(FinalPath) || Path.EndsInDirectorySeparator(path))
            {
                throw new BadInputException($"'{path}'", "this is a folder", "give the name of a file to write");
            }

            RunFolder.Create(folder, path);
            Sweep(folder);
            UnixFileMode? mode = ModeOf(FinalPath);
            _temporary = TemporaryIn(folder);
            _unfinished[_temporary] = true;
            _stream = new(new FileStream(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16), Name);
            if (mode is { } kept && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_temporary, kept);
            }
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            Dispose();
            throw new BadInputException($"'{path}'", $"can't be written ({problem.Message.Split(" : '")[0]})",
                "give a place that can be written to", problem);
        }
    }

    /// <summary>The file as messages call it.</summary>
    public string Name { get; }

    /// <summary>Where the file will be.</summary>
    public string FinalPath { get; }

    /// <summary>Whether it is no plain file: what is written is there at once, and can't be taken back.</summary>
    public bool IsSpecial { get; }

    /// <summary>What to write to; it can seek where the writer asked for that.</summary>
    public Stream Stream => _spool ?? (Stream)_stream;

    /// <summary>Writes a whole file.</summary>
    public static void Write(string path, Action<Stream> write, bool seeks = false)
    {
        using AtomicFile file = new(path, seeks);
        write(file.Stream);
        file.Commit();
    }

    /// <summary>Writes a whole text file in UTF-8 without byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>A file for what does not fit in memory; it is gone when it is closed, or when the process ends in whatever way.</summary>
    public static FileStream Spool(string folder)
    {
        string path = TemporaryIn(folder);
        FileStream spool = new(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            BufferSize = 1 << 16,
            Options = FileOptions.DeleteOnClose,
        });
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return spool;
    }

    /// <summary>Deletes all files that this process has not finished: for an end that waits for nothing.</summary>
    public static void RemoveUnfinished()
    {
        foreach (string path in _unfinished.Keys)
        {
            TryDelete(path);
        }
    }

    /// <summary>Flushes to the disk and gives the file its name, replacing an older one.</summary>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_committed, this);
        if (_spool is not null)
        {
            _spool.Position = 0;
            _spool.CopyTo(_stream, 1 << 20);
        }

        _stream.FlushToDisk();
        _stream.Dispose();
        if (!IsSpecial)
        {
            try
            {
                File.Move(_temporary, FinalPath, overwrite: true);
            }
            catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
            {
                throw new WriteFailedException(Name, problem);
            }

            _unfinished.TryRemove(_temporary, out _);
        }

        _committed = true;
    }

    /// <summary>Removes the temporary file if nothing was committed.</summary>
    public void Dispose()
    {
        _spool?.Dispose();
        _stream?.Dispose();
        if (!_committed && _temporary.Length > 0)
        {
            TryDelete(_temporary);
            _unfinished.TryRemove(_temporary, out _);
        }
    }

    private static string TemporaryIn(string folder) => Path.Combine(folder, Pattern.Replace("*", Path.GetRandomFileName(),
        StringComparison.Ordinal));

    private OutputStream Through() => PosixFile.DescriptorOf(FinalPath) is { } number ? new(number, Name)
        : new(new FileStream(FinalPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1 << 16), Name, keeps: true);

    // The mode of a file that is there, which must be one that may be written.
    private static UnixFileMode? ModeOf(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0).Dispose();
        return OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(path);
    }

    // Removes what killed processes left. A file that is being written is locked by its writer; one that is a moment old may not be yet.
    private static void Sweep(string folder)
    {
        if (!_swept.TryAdd(folder, true))
        {
            return;
        }

        foreach (string path in Directory.EnumerateFiles(folder, Pattern))
        {
            try
            {
                if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > _youngest)
                {
                    using FileStream free = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0);
                    File.Delete(path);
                }
            }
            catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
            {
                // Another process is writing it, or has just removed it.
            }
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            // The next run in this folder removes it.
        }
    }
}
