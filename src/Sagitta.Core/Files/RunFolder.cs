namespace Sagitta.Core.Files;

/// <summary>
/// The folder of a run, for one process at a time. The lock is the operating system's: it ends with its process, however that ends, and
/// what it left in the folder blocks nobody.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string LockName = ".sagitta-lock";
    private const string HolderName = ".sagitta-holder";
    private readonly FileStream _lock;
    private readonly string _holder;

    private RunFolder(FileStream held, string holder) => (_lock, _holder) = (held, holder);

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
        Create(path);
        string holder = Path.Combine(path, HolderName);
        try
        {
            FileStream held = new(Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, string.Create(CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId} on {Environment.MachineName} since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC, "
                    + $"'{command}'"));
            return new(held, holder);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new BadInputException($"'{path}'", "the folder can't be written to", "give a place that can be written to", problem);
        }
        catch (IOException problem) when (File.Exists(Path.Combine(path, LockName)))
        {
            throw new BadInputException($"'{path}'", $"another run works in this folder ({Told(holder)})",
                "wait for its end, or give another folder", problem);
        }
    }

    /// <summary>Lets others in.</summary>
    public void Dispose()
    {
        File.Delete(_holder);
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
