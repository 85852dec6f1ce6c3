using System.Text.RegularExpressions;

namespace Sagitta.Tests.Architecture;

/// <summary>Numbers are read and written in one way, whatever the culture of the process.</summary>
public sealed partial class NumbersAreInvariantTests
{
    [Fact]
    public void Texts_become_numbers_in_one_file_alone()
    {
        List<string> found = [];
        foreach (string file in Directory.EnumerateFiles(TestData.InRepository("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "NumberText.cs"))
        {
            found.AddRange(File.ReadLines(file).Index().Where(line => Reading().IsMatch(line.Item)
                || (Writing().IsMatch(line.Item) && !line.Item.Contains("InvariantCulture", StringComparison.Ordinal)))
                .Select(line => $"{Path.GetFileName(file)}:{line.Index + 1}: {line.Item.Trim()}"));
        }

        Assert.Empty(found);
    }

    [GeneratedRegex(
        @"\b(double|float|decimal|Half|byte|short|int|long|uint|ulong|Int128|T|TNumber)\.(Try)?Parse\(|\bConvert\.To(Double|Single|Decimal"
        + @"|Byte|U?Int\d+|String)\((?!.*culture\))"
        + @"|\bConvert\.ChangeType\(|TypeConverter\b|AllowThousands|NumberStyles\.(Any|Number|Currency)",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reading();

    [GeneratedRegex(@"\.ToString\(""[^""]*""\)|\.ToString\(""[^""]*"", null\)|CurrentCulture", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Writing();
}
