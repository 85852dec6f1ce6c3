using System.Text.RegularExpressions;

namespace Sagitta.Tests.Documentation;

public sealed partial class OutputFoldersTests
{
    /// <summary>A reader who follows several pages in one folder must not mix their runs.</summary>
    [Fact]
    public void Each_document_writes_into_folders_of_its_own()
    {
        string[] documents =
        [
            TestData.InRepository("README.md"),
            .. Directory.EnumerateFiles(TestData.InRepository("docs"), "*.md", SearchOption.AllDirectories),
            TestData.InRepository("src", "Sagitta.Cli", "README.md"),
        ];
        var uses = documents.Where(file => Path.GetFileName(file) is not ("results.md" or "cli.md"))
            .SelectMany(file => Out().Matches(File.ReadAllText(file)).Select(
                match => (File: file, Folder: match.Groups[1].Value.Split('/')[0]))).Distinct().ToList();
        Assert.True(uses.Count > 15);
        Assert.Empty(uses.GroupBy(use => use.Folder).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    /// <summary>Nor one who tries the examples of the command line in one folder: only a command that begins with what another wrote
    /// goes on in its folder.</summary>
    [Fact]
    public void Each_example_of_the_command_line_writes_into_a_folder_of_its_own()
    {
        // What stands behind " -- " is another example, run by a farm.
        string[] examples = [.. File.ReadLines(TestData.InRepository("docs", "cli.md"))
            .Where(line => line.StartsWith("sagitta ", StringComparison.Ordinal) && Out().IsMatch(line))
            .Select(line => line.Contains(" -- ", StringComparison.Ordinal) ? "sagitta " + line.Split(" -- ")[1] : line)
            .Distinct(StringComparer.Ordinal)];
        Assert.True(examples.Length > 30);
        Assert.Empty(examples.GroupBy(line => Out().Match(line).Groups[1].Value)
            .Where(group => group.Count(line => !line.Contains($" {group.Key}/", StringComparison.Ordinal)) > 1)
            .Select(group => string.Join("; ", group)));
    }

    [GeneratedRegex(@"--out ([\w./-]+)")]
    private static partial Regex Out();
}
