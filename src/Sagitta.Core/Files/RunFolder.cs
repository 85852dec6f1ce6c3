namespace Sagitta.Core.Files;

/// <summary>
/// The folder of a run, for one process at a time. The lock is the operating system's: it ends with its process, however that ends, and
/// what it left in the folder blocks nobody.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string LockName = ".sagitta-lock";
    private const string HolderName = ".sagitta-holder";

    // A file that another process holds, on Linux, macOS and Windows: the rest of what can go wrong is no other run.
    private static readonly int[] _heldByAnother = [11, 35, unchecked((int)0x80070020)];
    private readonly string _path;
    private readonly bool _isNew;
    private readonly FileStream _lock;

    private RunFolder(string path, bool isNew, FileStream held) => (_path, _isNew, _lock) = (path, isNew, held);

    /// <summary>Makes a folder and those above it, or leaves it as it is.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="wanted">What the user gave, if it is not the folder itself.</param>
    /// <exception cref="BadInputException">It can't be made.</exception>
    public static void Create(string path, string? wanted = null)
    {
        try
        {
            Directory.CreateDirectory(path.Length > 0 ? path : throw new IOException("the name is empty"));
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            throw new BadInputException($"'{wanted ?? path}'", File.Exists(path) ? $"'{path}' is a file, no folder"
                : $"the folder can't be made ({problem.Message.Split(" : '")[0]})", "give a place that can be written to", problem);
        }
    }

    /// <summary>Makes the folder and keeps other processes out of it until disposed.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="command">What runs, as others are told.</param>
    /// <exception cref="BadInputException">Another run works there; the message names it.</exception>
    public static RunFolder Claim(string path, string command)
    {
        bool isNew = !Directory.Exists(path);
        Create(path);
        FileStream? held = null;
        try
        {
            held = new(Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(Path.Combine(path, HolderName), string.Create(CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId} on {Environment.MachineName} since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC, "
                    + $"'{command}'"));
            return new(path, isNew, held);
        }
        catch (IOException problem) when (held is null && _heldByAnother.Contains(problem.HResult))
        {
            throw new BadInputException($"'{path}'", $"another run works in this folder ({Told(Path.Combine(path, HolderName))})",
                "wait for its end, or give another folder", problem);
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            held?.Dispose();
            throw new BadInputException($"'{path}'", $"the folder can't be written to ({problem.Message.Split(" : '")[0]})",
                "give a place that can be written to", problem);
        }
    }

    /// <summary>Lets others in. A folder that was made for the run and in which it has written nothing goes again.</summary>
    public void Dispose()
    {
        File.Delete(Path.Combine(_path, HolderName));
        try
        {
            if (_isNew && Directory.GetFileSystemEntries(_path).Length == 1)
            {
                // As long as the lock is held nobody takes it who has opened it; who comes later makes a new one.
                File.Delete(_lock.Name);
                Directory.Delete(_path);
            }
        }
        catch (IOException)
        {
            // Another run has just begun here.
        }

        _lock.Dispose();
    }

    private static string Told(string holder)
    {
        try
        {
            return File.ReadAllText(holder);
        }
        catch (IOException)
        {
            return "it has just begun";
        }
    }
}
