namespace Sagitta.Tests;

/// <summary>A folder of its own that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its full name.</summary>
    public string Name { get; } = Directory.CreateTempSubdirectory("sagitta test ").FullName;

    /// <summary>A file in it.</summary>
    public string File(string name) => Path.Combine(Name, name);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Name, recursive: true);
}
