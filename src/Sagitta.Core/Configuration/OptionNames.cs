using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Sagitta.Core.Configuration;

/// <summary>How properties and enumerations of options are called in YAML files: properties in camelCase, values of enumerations in
/// kebab-case.</summary>
internal static class OptionNames
{
    /// <summary>Properties that a file can set, in the order of their declaration.</summary>
    public static IReadOnlyList<PropertyInfo> PropertiesOf(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0).OrderBy(
                p => p.HasMetadataToken() ? p.MetadataToken : 0)];

    /// <summary>"WarmUpStart" is "warmUpStart" in a file.</summary>
    public static string Of(PropertyInfo property) => OfProperty(property.Name);

    /// <summary>The same of a property's name.</summary>
    public static string OfProperty(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    /// <summary>"EndToEnd" is "end-to-end" in a file.</summary>
    public static string OfValue(string name)
    {
        StringBuilder result = new();
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1]))
            {
                result.Append('-');
            }

            result.Append(char.ToLowerInvariant(name[i]));
        }

        return result.ToString();
    }
}

/// <summary>Finds the known name that a misspelt one most likely meant.</summary>
internal static class NearestName
{
    /// <summary>The known name with the smallest edit distance (Levenshtein, case ignored), or "" where none is known.</summary>
    /// <param name="given">What was written.</param>
    /// <param name="known">What could be meant.</param>
    /// <param name="mostEdits">Names that are farther away are not meant.</param>
    public static string Of(string given, IEnumerable<string> known, int mostEdits = int.MaxValue - 1)
    {
        string best = "";
        int bestDistance = mostEdits + 1;
        foreach (string name in known)
        {
            int distance = Distance(given, name);
            if (distance < bestDistance)
            {
                best = name;
                bestDistance = distance;
            }
        }

        return best;
    }

    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
