namespace Sagitta.Tests;

/// <summary>Where tests find files: slices committed under data/, and the full data that the variable SAGITTA_DATA points to.</summary>
internal static class TestData
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file of the repository.</summary>
    public static string InRepository(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A file of the full data; throws when SAGITTA_DATA is not set.</summary>
    public static string Full(params string[] parts)
    {
        string folder = Environment.GetEnvironmentVariable("SAGITTA_DATA")
            ?? throw new InvalidOperationException(
                "Set SAGITTA_DATA to the folder that holds calorimeter-golden, geant4-toy16 and geant4-dtc.");
        return Path.Combine([folder, .. parts]);
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Sagitta.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests run from a checkout: no folder above them holds Sagitta.slnx.");
    }
}
