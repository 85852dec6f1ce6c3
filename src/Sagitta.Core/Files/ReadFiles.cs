using System.Collections.Concurrent;

namespace Sagitta.Core.Files;

/// <summary>The files that a run reads, whoever asks for them: what its manifest states. Each run has a list of its own, which its threads
/// add to; outside of a run nothing is kept.</summary>
internal static class ReadFiles
{
    private static readonly AsyncLocal<ConcurrentDictionary<string, bool>?> _current = new();

    /// <summary>Begins a list for what is called from here.</summary>
    /// <returns>The names so far, whenever they are asked for, in order.</returns>
    public static Func<IReadOnlyList<string>> Begin()
    {
        ConcurrentDictionary<string, bool> own = _current.Value = new(StringComparer.Ordinal);
        return () => [.. own.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Adds a file.</summary>
    /// <returns>The same name.</returns>
    public static string Add(string path)
    {
        _current.Value?.TryAdd(path, true);
        return path;
    }
}
