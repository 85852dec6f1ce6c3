namespace Sagitta.Reports.Assets;

/// <summary>Style sheets and scripts that are built into the assembly, so that a report needs no other file.</summary>
internal static class Asset
{
    /// <summary>The text of a file of this folder.</summary>
    public static string Read(string name)
    {
        string resource = $"{typeof(Asset).Namespace}.{name}";
        using Stream stream = typeof(Asset).Assembly.GetManifestResourceStream(resource)
            ?? throw new ArgumentException($"There is no asset '{name}' in the assembly.", nameof(name));
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
