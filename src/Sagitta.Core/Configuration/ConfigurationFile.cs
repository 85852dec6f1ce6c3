using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Sagitta.Core.Configuration;

/// <summary>Reads YAML files of experiments and detectors, bound strictly to records. What a file leaves out keeps the record's default; an
/// unknown field, a missing one that is required, a value of the wrong type or one that the record's own check refuses is a
/// <see cref="BadInputException"/> that names file, line and field.</summary>
internal static class ConfigurationFile
{
    // Of lists and mappings within each other; no record of options is half as deep.
    private const int MostLevels = 32;

    /// <param name="path">The file.</param>
    /// <param name="overrides">Values that go before the file's: "training.epochs=3", the right side YAML.</param>
    public static T Load<T>(string path, IEnumerable<string>? overrides = null)
        where T : class => Parse<T>(ReadText(path), path, overrides);

    /// <summary>The text of a file.</summary>
    public static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(ReadFiles.Add(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"'{path}'", "the file can't be read"
                + (File.Exists(path) ? string.Empty : " because it does not exist"), "give an existing YAML file", problem);
        }
    }

    /// <summary>Defaults with overrides, without a file.</summary>
    public static T Defaults<T>(IEnumerable<string>? overrides = null)
        where T : class => Parse<T>(string.Empty, "defaults", overrides);

    /// <summary>Reads from a text.</summary>
    /// <param name="yaml">The text; an empty one stands for all defaults.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="overrides">Values that go before the text's.</param>
    public static T Parse<T>(string yaml, string name, IEnumerable<string>? overrides = null)
        where T : class
    {
        YamlNode? content = Read(yaml, line => line > 0 ? $"'{name}', line {line}" : $"'{name}'");
        YamlMappingNode root = content is null ? [] : content as YamlMappingNode
            ?? throw new BadInputException($"'{name}'", "the file is not one mapping of fields", "write 'field: value' lines");
        ConfigurationBinder binder = new(name);
        foreach (string setting in overrides ?? [])
        {
            Apply(root, setting, binder);
        }

        return (T)binder.Bind(root, typeof(T));
    }

    /// <summary>The values of a text by their paths, such as training.epochs; lists as they are in one line.</summary>
    public static IReadOnlyDictionary<string, string> Flatten(string yaml, string name)
    {
        SortedDictionary<string, string> values = new(StringComparer.Ordinal);
        void Add(YamlNode node, string path)
        {
            if (node is YamlMappingNode mapping)
            {
                foreach ((YamlNode key, YamlNode value) in mapping.Children)
                {
                    Add(value, path.Length > 0 ? $"{path}.{key}" : key.ToString());
                }
            }
            else
            {
                values[path] = node.ToString();
            }
        }

        if (Read(yaml, line => $"'{name}', line {line}") is { } root)
        {
            Add(root, "");
        }

        return values;
    }

    /// <summary>All options, defaults included, as YAML that <see cref="Parse"/> reads back to an equal record.</summary>
    public static string Write<T>(T options)
        where T : class => ConfigurationWriter.Write(options);

    // The only document of a text, or null where there is none.
    private static YamlNode? Read(string yaml, Func<long, string> place)
    {
        try
        {
            CheckStructure(yaml, place);
            YamlStream stream = [];
            stream.Load(new StringReader(yaml));
            return stream.Documents.Count switch
            {
                0 => null,
                1 => stream.Documents[0].RootNode,
                _ => throw new BadInputException(place(0), "it is not one mapping of fields but several documents",
                    "remove the lines '---'"),
            };
        }
        catch (YamlException problem)
        {
            string reason = problem.InnerException?.Message ?? problem.Message;
            throw new BadInputException(place(problem.Start.Line), $"this is no YAML ({reason})", "mind indentation, colons and quotes",
                problem);
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet ends so on some brackets and quotes that are not closed, or closed twice.
            throw new BadInputException(place(0), "this is no YAML: a bracket or quote is left open", "close it", problem);
        }
    }

    // The library builds nodes by recursion, an alias may stand for what holds it, and of two fields of one name it keeps one.
    private static void CheckStructure(string yaml, Func<long, string> place)
    {
        // Of each list and mapping that is open: the names so far with their lines (null for a list), and whether a name comes next.
        Stack<(Dictionary<string, long>? Names, bool NameNext)> open = [];
        for (Parser parser = new(new StringReader(yaml)); parser.MoveNext();)
        {
            ParsingEvent part = parser.Current!;
            long line = part.Start.Line;
            if (part is AnchorAlias alias)
            {
                throw new BadInputException(place(line), $"'*{alias.Value}' stands for another place of the file",
                    "write out what it stands for");
            }

            if (part is MappingEnd or SequenceEnd)
            {
                open.Pop();
            }
            else if (part is NodeEvent)
            {
                if (open.TryPop(out (Dictionary<string, long>? Names, bool NameNext) parent))
                {
                    CheckName(parent, part, line);
                    open.Push(parent with { NameNext = !parent.NameNext });
                }

                if (part is not Scalar)
                {
                    open.Push((part is MappingStart ? new(StringComparer.Ordinal) : null, true));
                }
            }

            if (open.Count > MostLevels)
            {
                throw new BadInputException(place(line), $"lists and mappings are nested more than {MostLevels} deep",
                    "write fields, one a line");
            }
        }

        void CheckName((Dictionary<string, long>? Names, bool NameNext) parent, ParsingEvent part, long line)
        {
            if (parent is not { Names: { } names, NameNext: true })
            {
                return;
            }

            string name = (part as Scalar)?.Value
                ?? throw new BadInputException(place(line), "this field is unknown: a list or mapping stands where its name should be",
                    "write 'field: value' lines");
            if (!names.TryAdd(name, line))
            {
                throw new BadInputException(place(line), $"the field '{name}' is given twice, before in line {names[name]}",
                    "give it once");
            }
        }
    }

    private static void Apply(YamlMappingNode root, string setting, ConfigurationBinder binder)
    {
        string place = $"--set {setting}";
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new BadInputException(place, "there is no '='", "write path=value, such as training.epochs=3");
        }

        YamlNode value = Read(setting[(equals + 1)..], _ => place) ?? new YamlScalarNode(string.Empty);
        string[] path = setting[..equals].Split('.');
        if (path.Length > MostLevels)
        {
            throw new BadInputException("--set", $"a path of {path.Length} names is none of a field", "write such as training.epochs=3");
        }

        YamlMappingNode node = root;
        for (int i = 0; i < path.Length - 1; i++)
        {
            YamlScalarNode key = new(path[i]);
            if (!node.Children.TryGetValue(key, out YamlNode? child))
            {
                child = new YamlMappingNode();
                node.Add(key, child);
                binder.SetOrigin(key, place);
                binder.SetOrigin(child, place);
            }

            node = child as YamlMappingNode
                ?? throw new BadInputException(place, $"'{string.Join('.', path[..(i + 1)])}' holds a value, not fields",
                    "give the path of a field");
        }

        YamlScalarNode last = new(path[^1]);
        node.Children.Remove(last);
        node.Add(last, value);
        binder.SetOrigin(last, place);
        binder.SetOrigin(value, place);
    }
}
