using System.Reflection;
using System.Text.RegularExpressions;

namespace Sagitta.Tests.Documentation;

/// <summary>The code that docs/method.md names beside its equations is there.</summary>
public sealed partial class MethodPageTests
{
    private static readonly Assembly[] _assemblies = [
        typeof(Tape<double>).Assembly, typeof(Detector).Assembly, typeof(CircleFit).Assembly, typeof(BadInputException).Assembly, typeof(
            RunSummary).Assembly];

    [Fact]
    public void Every_type_and_member_that_the_page_names_exists()
    {
        string page = File.ReadAllText(Path.Combine(TestData.Root, "docs", "method.md"));
        string[] names = [.. Name().Matches(page).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];
        Assert.True(names.Length > 40, $"{names.Length} names");
        string[] missing = [.. names.Where(name => !Exists(name))];
        Assert.True(missing.Length == 0, string.Join(", ", missing));
    }

    private static bool Exists(string name)
    {
        string[] parts = name.Split('.');
        Type[] types = [.. _assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.Name.Split('`')[0] == parts[0])];
        return parts.Length == 1
            ? types.Length > 0
            : types.Any(type => type.GetMember(parts[1], BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
                | BindingFlags.Instance).Length > 0);
    }

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*(?:\\.[A-Z][A-Za-z0-9]*)?)`")]
    private static partial Regex Name();
}
