namespace Sagitta.Tests.Architecture;

/// <summary>The command line and the reports serve any system: no file of theirs holds the name of one.</summary>
public sealed class SystemNamesTests
{
    [Theory]
    [InlineData("Sagitta.Cli")]
    [InlineData("Sagitta.Reports")]
    public void No_shared_file_names_a_system(string project)
    {
        string[] names = [.. TrackingSystems.All.Select(s => s.Name)];
        Assert.NotEmpty(names);
        IEnumerable<string> found = Directory.EnumerateFiles(TestData.InRepository("src", project), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".js" or ".css")
            .Where(file => names.Any(name => File.ReadAllText(file).Contains(name, StringComparison.OrdinalIgnoreCase)));
        Assert.Empty(found);
    }
}
