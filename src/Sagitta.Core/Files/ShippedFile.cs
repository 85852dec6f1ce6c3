namespace Sagitta.Core.Files;

/// <summary>Finds files that come with Sagitta (data slices, models, experiments) by their path from its root.</summary>
internal static class ShippedFile
{
    /// <summary>The file, looked up from the current directory upwards, then from the program's own.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static string Find(string relative) =>
        From(Directory.GetCurrentDirectory(), relative) ?? From(AppContext.BaseDirectory, relative)
        ?? throw new BadInputException($"'{relative}'", "this file comes with Sagitta but is not here",
            "run from a checkout of Sagitta, or restore the file");

    /// <summary>The same, or null.</summary>
    public static string? TryFind(string relative) => From(Directory.GetCurrentDirectory(), relative)
        ?? From(AppContext.BaseDirectory, relative);

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
