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

    [GeneratedRegex(@"--out ([\w./-]+)")]
    private static partial Regex Out();
}
