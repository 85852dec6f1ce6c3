using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Sagitta.Tests.Documentation;

/// <summary>The decisions about libraries name the versions that are built with.</summary>
public sealed class DecisionVersionsTests
{
    [Theory]
    [InlineData("0007-tables-and-libraries.md")]
    [InlineData("0010-formats-of-others.md")]
    public void Versions_are_those_of_the_build(string decision)
    {
        Dictionary<string, string> built = XDocument.Load(TestData.InRepository("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(p => (string)p.Attribute("Include")!, p => (string)p.Attribute("Version")!, StringComparer.Ordinal);
        string rows = string.Join('\n', File.ReadLines(TestData.InRepository("docs", "adr", decision)).Where(line => line.StartsWith('|')));
        (string Name, string Version)[] named = [.. Regex.Matches(rows, @"([\w.]+)(?: and ([\w.]+))? (\d+\.\d+\.\d+(?:\.\d+)?)").SelectMany(
            match => match.Groups.Values.Skip(1).Take(2).Where(g => g.Success).Select(g => (g.Value, match.Groups[3].Value)))];
        Assert.True(named.Length > 3);
        Assert.All(named, package => Assert.Equal(built.GetValueOrDefault(package.Name), package.Version));
    }
}
