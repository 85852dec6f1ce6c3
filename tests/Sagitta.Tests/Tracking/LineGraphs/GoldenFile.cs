namespace Sagitta.Tests.Tracking.LineGraphs;

/// <summary>Values that the published calorimeter code computed; the small files lie in the repository, all of them under
/// SAGITTA_DATA.</summary>
internal static class GoldenFile
{
    public static string Committed(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sagitta.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.True(folder is not null, "the tests must run from a build inside the repository");
        return Path.Combine(folder.FullName, "data", name);
    }

    public static string Full(string name)
    {
        string? root = Environment.GetEnvironmentVariable("SAGITTA_DATA");
        Assert.False(string.IsNullOrEmpty(root), "set SAGITTA_DATA to the folder with the full data");
        return Path.Combine(root, name);
    }

    /// <summary>The frame of 10 events from the repository, the larger ones from the full data.</summary>
    public static NpzReader Open(string name) =>
        new(name is "frame_010" or "out_010_trained" or "net_trained" ? Committed($"calorimeter-golden/{name}.npz")
            : Full($"calorimeter-golden/{name}.npz"));
}
