using System.Collections;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Sagitta.Core.Configuration;

/// <summary>Writes records of options as YAML, every field with its value; numbers so that they come back bit for bit.</summary>
internal static partial class ConfigurationWriter
{
    /// <summary>The text of a file.</summary>
    public static string Write(object options)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(Node(options)!)).Save(text, assignAnchors: false);
        string yaml = text.ToString();
        // The library ends a document with a line "..."; a file of one document needs none.
        return yaml.EndsWith("...\n", StringComparison.Ordinal) ? yaml[..^4] : yaml;
    }

    private static YamlNode? Node(object? value) => value switch
    {
        null => null,
        bool flag => new YamlScalarNode(flag ? "true" : "false"),
        string text => new YamlScalarNode(text)
        {
            Style = PlainText().IsMatch(text) && text is not ("true" or "false" or "null")
            ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted
        },
        Enum name => new YamlScalarNode(OptionNames.OfValue(name.ToString())),
        IFormattable number when Type.GetTypeCode(number.GetType()) != TypeCode.Object =>
            new YamlScalarNode(number.ToString(null, CultureInfo.InvariantCulture)),
        IDictionary entries => Mapping(entries.Keys.Cast<string>().Select(key => (key, entries[key]))),
        IEnumerable items => List(items),
        _ => Mapping(OptionNames.PropertiesOf(value.GetType()).Select(property => (OptionNames.Of(property), property.GetValue(value)))),
    };

    private static YamlMappingNode Mapping(IEnumerable<(string Name, object? Value)> fields)
    {
        YamlMappingNode mapping = [];
        foreach ((string name, object? value) in fields)
        {
            if (Node(value) is { } node)
            {
                mapping.Add(name, node);
            }
        }

        // An empty mapping can only be written in flow style.
        mapping.Style = mapping.Children.Count == 0 ? MappingStyle.Flow : MappingStyle.Block;
        return mapping;
    }

    private static YamlSequenceNode List(IEnumerable items)
    {
        YamlSequenceNode list = [.. items.Cast<object>().Select(item => Node(item)!)];
        list.Style = list.Children.All(child => child is YamlScalarNode) ? SequenceStyle.Flow : SequenceStyle.Block;
        return list;
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_./-]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PlainText();
}
