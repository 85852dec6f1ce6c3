using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sagitta.Core.Configuration;

/// <summary>
/// Reads experiment files: YAML bound strictly to records of options. What a file leaves out keeps the record's default; an unknown
/// field, a value of the wrong type or one that the record's own check refuses is a <see cref="BadInputException"/> that names file,
/// line and field.
/// </summary>
internal static class ConfigurationFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Values that go before the file's: "training.epochs=3", the right side YAML.</param>
    public static T Load<T>(string path, IEnumerable<string>? overrides = null)
        where T : class, new()
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"'{path}'", "the file can't be read"
                + (File.Exists(path) ? string.Empty : " because it does not exist"), "give an existing YAML file", problem);
        }

        return Parse<T>(text, path, overrides);
    }

    /// <summary>Defaults with overrides, without a file.</summary>
    public static T Defaults<T>(IEnumerable<string>? overrides = null)
        where T : class, new() => Parse<T>(string.Empty, "defaults", overrides);

    /// <summary>Reads from a text.</summary>
    /// <param name="yaml">The text; an empty one stands for all defaults.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="overrides">Values that go before the text's.</param>
    public static T Parse<T>(string yaml, string name, IEnumerable<string>? overrides = null)
        where T : class, new()
    {
        YamlMappingNode root = Root(yaml, name);
        ConfigurationBinder binder = new(name);
        foreach (string setting in overrides ?? [])
        {
            Apply(root, setting, binder);
        }

        return (T)binder.Bind(root, new T());
    }

    /// <summary>All options, defaults included, as YAML that <see cref="Parse"/> reads back to an equal record.</summary>
    public static string Write<T>(T options)
        where T : class => ConfigurationWriter.Write(options);

    private static YamlMappingNode Root(string yaml, string name)
    {
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException problem)
        {
            string reason = problem.InnerException?.Message ?? problem.Message;
            throw new BadInputException($"'{name}', line {problem.Start.Line}", $"this is no YAML ({reason})",
                "mind indentation, colons and quotes", problem);
        }

        if (stream.Documents.Count == 0)
        {
            return [];
        }

        return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root
            ? root
            : throw new BadInputException($"'{name}'", "the file is not one mapping of fields", "write 'field: value' lines");
    }

    private static void Apply(YamlMappingNode root, string setting, ConfigurationBinder binder)
    {
        string place = $"--set {setting}";
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new BadInputException(place, "there is no '='", "write path=value, such as training.epochs=3");
        }

        YamlNode value;
        try
        {
            YamlStream stream = [];
            stream.Load(new StringReader(setting[(equals + 1)..]));
            value = stream.Documents.Count == 0 ? new YamlScalarNode(string.Empty) : stream.Documents[0].RootNode;
        }
        catch (YamlException problem)
        {
            throw new BadInputException(place, $"the value is no YAML ({problem.Message})", "quote texts, write lists as [1, 2]", problem);
        }

        string[] path = setting[..equals].Split('.');
        YamlMappingNode node = root;
        for (int i = 0; i < path.Length - 1; i++)
        {
            YamlScalarNode key = new(path[i]);
            if (!node.Children.TryGetValue(key, out YamlNode? child))
            {
                child = new YamlMappingNode();
                node.Add(key, child);
                binder.Came(key, place);
            }

            node = child as YamlMappingNode
                ?? throw new BadInputException(place, $"'{string.Join('.', path[..(i + 1)])}' holds a value, not fields",
                    "give the path of a field");
        }

        YamlScalarNode last = new(path[^1]);
        node.Children.Remove(last);
        node.Add(last, value);
        binder.Came(last, place);
        binder.Came(value, place);
    }
}
