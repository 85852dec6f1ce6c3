using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Sagitta.Core.Configuration;

/// <summary>Writes options as a YAML file to be edited: every field with its value, and above it what it means, the summary of its property
/// in the documentation file that lies beside the assembly.</summary>
internal static class ExperimentTemplate
{
    private const int LineLength = 110;
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, string>> _summaries = new();

    /// <summary>The text; <see cref="ConfigurationFile.Parse"/> reads it back to equal options.</summary>
    public static string Write<T>(T options)
        where T : class
    {
        StringBuilder text = new();
        WriteFields(text, options, "");
        return text.ToString();
    }

    /// <summary>What a property means in words, or nothing where there is no documentation file.</summary>
    public static string SummaryOf(PropertyInfo property) =>
        _summaries.GetOrAdd(property.DeclaringType!.Assembly, Read).GetValueOrDefault(
            $"P:{property.DeclaringType.FullName!.Replace('+', '.')}.{property.Name}", "");

    // The values that a property takes, in words; nothing where its type says it all.
    private static string DomainOf(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range
            ? IsBounded(range) ? FormattableString.Invariant($"From {range.Minimum} to {range.Maximum}.")
                : FormattableString.Invariant($"From {range.Minimum} up.")
        : (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { IsEnum: true } names
            ? $"One of {string.Join(", ", Enum.GetNames(names).Select(OptionNames.OfValue))}." : "";

    internal static bool IsBounded(RangeAttribute range) =>
        range.Maximum is not (int.MaxValue or double.PositiveInfinity or double.MaxValue);

    private static void WriteFields(StringBuilder text, object options, string indent)
    {
        foreach (PropertyInfo property in OptionNames.PropertiesOf(options.GetType()))
        {
            object? value = property.GetValue(options);
            string name = OptionNames.Of(property);
            Comment(text, indent, $"{SummaryOf(property)} {DomainOf(property)}", "");
            if (value is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}# {name}:\n");
            }
            else if (IsGroup(value))
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}{name}:\n");
                WriteFields(text, value, indent + "  ");
            }
            else
            {
                if (value is IList list && list.Count > 0 && IsGroup(list[0]!))
                {
                    foreach (PropertyInfo field in OptionNames.PropertiesOf(list[0]!.GetType()))
                    {
                        Comment(text, indent, $"- {OptionNames.Of(field)}: {SummaryOf(field)} {DomainOf(field)}", "  ");
                    }
                }

                string yaml = ConfigurationWriter.Write(new Dictionary<string, object>(StringComparer.Ordinal) { [name] = value });
                text.Append(indent).Append(yaml.TrimEnd('\n').Replace("\n", "\n" + indent, StringComparison.Ordinal)).Append('\n');
            }
        }
    }

    private static bool IsGroup(object value) =>
        value is not IEnumerable && Type.GetTypeCode(value.GetType()) == TypeCode.Object
            && OptionNames.PropertiesOf(value.GetType()).Count > 0;

    private static void Comment(StringBuilder text, string indent, string words, string hanging)
    {
        string line = "";
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length + indent.Length > LineLength)
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}#{line}\n");
                line = hanging;
            }

            line += " " + word;
        }

        if (line.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}#{line}\n");
        }
    }

    private static Dictionary<string, string> Read(Assembly assembly)
    {
        string file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        return !File.Exists(file) ? [] : XDocument.Load(file).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string)member.Attribute("name")!, member =>
                TextOf(member.Element("summary")!), StringComparer.Ordinal);
    }

    // A property that is referred to stands under its name in files, anything else under its own.
    private static string TextOf(XElement summary) =>
        string.Join(' ', string.Concat(summary.Nodes().Select(node => node switch
        {
            XText words => words.Value,
            XElement { Name.LocalName: "see" } reference => NameOf((string?)reference.Attribute("cref") ?? ""),
            XElement element => element.Value,
            _ => "",
        })).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string NameOf(string reference)
    {
        string name = reference[(reference.LastIndexOf('.') + 1)..];
        return reference.StartsWith("P:", StringComparison.Ordinal) ? OptionNames.OfProperty(name) : name;
    }
}
