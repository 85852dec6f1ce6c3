namespace Sagitta.Core.Files;

/// <summary>
/// Finds files that come with Sagitta (detectors, experiments, models, data slices) by their path from its root. The root is the folder
/// of a checkout, or the folder of an installed program: the tool and the packages bring them along.
/// </summary>
internal static class ShippedFile
{
    // What a root holds, and a file by which it is known.
    private static readonly string[] _folders = ["data", "detectors", "experiments", "models"];
    private static readonly string _mark = Path.Combine("detectors", "toy16.yaml");

    /// <summary>The file, looked up from the current directory upwards, then from the program's own, then in the packages whose
    /// libraries it has loaded: a notebook has no output folder that these could be copied to.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static string Find(string relative) => TryFind(relative)
        ?? throw new BadInputException($"'{relative}'", "this file comes with Sagitta but is not here",
            $"run from a checkout of Sagitta, or put the file beside the program, in '{AppContext.BaseDirectory}'");

    /// <summary>The same, or null.</summary>
    public static string? TryFind(string relative) => From(Directory.GetCurrentDirectory(), relative)
        ?? From(AppContext.BaseDirectory, relative) ?? InPackages(relative);

    /// <summary>How a file that came with Sagitta is called from its root, wherever that is; null for any other.</summary>
    public static string? NameOf(string path)
    {
        string whole = Path.GetFullPath(path);
        for (string? root = Path.GetDirectoryName(whole); root is not null; root = Path.GetDirectoryName(root))
        {
            if (File.Exists(Path.Combine(root, _mark)))
            {
                string name = Path.GetRelativePath(root, whole).Replace('\\', '/');
                return _folders.Contains(name.Split('/')[0], StringComparer.Ordinal) && TryFind(name) == whole ? name : null;
            }
        }

        return null;
    }

    /// <summary>Files of a folder that comes with Sagitta and of the folders below it, as paths from the root, sorted; none where it is not
    /// here.</summary>
    public static IReadOnlyList<string> List(string folder, string pattern)
    {
        foreach (string start in (ReadOnlySpan<string>)[Directory.GetCurrentDirectory(), AppContext.BaseDirectory])
        {
            for (DirectoryInfo? root = new(start); root is not null; root = root.Parent)
            {
                if (Below(root.FullName) is { Count: > 0 } found)
                {
                    return found;
                }
            }
        }

        return [];

        IReadOnlyList<string> Below(string root) => !Directory.Exists(Path.Combine(root, folder)) ? []
            : [.. Directory.EnumerateFiles(Path.Combine(root, folder), pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
    }

    // PACKAGE/lib/FRAMEWORK/NAME.dll and PACKAGE/shipped.
    private static string? InPackages(string relative) => AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => !assembly.IsDynamic && assembly.Location.Length > 0
            && assembly.GetName().Name!.StartsWith("Sagitta.", StringComparison.Ordinal))
        .Select(assembly => Path.GetFullPath(Path.Combine(assembly.Location, "..", "..", "..", "shipped", relative)))
        .FirstOrDefault(File.Exists);

    private static string? From(string start, string relative)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, relative);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
