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
            .Where(p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0).OrderBy(p => p.MetadataToken)];

    /// <summary>"WarmUpStart" is "warmUpStart" in a file.</summary>
    public static string Of(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

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
