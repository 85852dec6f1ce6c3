using YamlDotNet.RepresentationModel;

namespace Sagitta.Core.Configuration;

/// <summary>
/// A mapping of a YAML file that is read field by field. Every field that was asked for is known; <see cref="Finish"/> refuses all
/// others and names the nearest known one. Messages carry file, line and the field's path.
/// </summary>
internal sealed class StrictMapping
{
    private readonly YamlMappingNode _node;
    private readonly string _file;
    private readonly string _path;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    internal StrictMapping(YamlMappingNode node, string file, string path)
    {
        _node = node;
        _file = file;
        _path = path;
    }

    /// <summary>Line of the file where the mapping begins, from 1.</summary>
    public int Line => (int)_node.Start.Line;

    /// <summary>Names of all fields that the file gives, in its order.</summary>
    public IEnumerable<string> Names => _node.Children.Keys.Select(key => ((YamlScalarNode)key).Value ?? "");

    /// <summary>Whether the file gives the field.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A number that must be there.</summary>
    public double RequiredNumber(string name, double low = double.NegativeInfinity, double high = double.PositiveInfinity) =>
        Number(name, Find(name) ?? throw Missing(name), low, high);

    /// <summary>A number, or the default.</summary>
    public double Number(string name, double absent, double low = double.NegativeInfinity, double high = double.PositiveInfinity) =>
        Find(name) is { } node ? Number(name, node, low, high) : absent;

    /// <summary>A whole number that must be there.</summary>
    public int RequiredInteger(string name, int low = int.MinValue, int high = int.MaxValue) =>
        Integer(name, Find(name) ?? throw Missing(name), low, high);

    /// <summary>A whole number, or the default.</summary>
    public int Integer(string name, int absent, int low = int.MinValue, int high = int.MaxValue) =>
        Find(name) is { } node ? Integer(name, node, low, high) : absent;

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name) => Text(name, Find(name) ?? throw Missing(name));

    /// <summary>A text, or the default.</summary>
    public string Text(string name, string absent) => Find(name) is { } node ? Text(name, node) : absent;

    /// <summary>A mapping below this one, or null.</summary>
    public StrictMapping? Mapping(string name) => Find(name) is { } node ? AsMapping(node, PathOf(name)) : null;

    /// <summary>A mapping below this one that must be there.</summary>
    public StrictMapping RequiredMapping(string name) => Mapping(name) ?? throw Missing(name);

    /// <summary>A list of mappings; empty where the file gives none.</summary>
    public IReadOnlyList<StrictMapping> Mappings(string name)
    {
        if (Find(name) is not { } node)
        {
            return [];
        }

        if (node is not YamlSequenceNode sequence)
        {
            throw Bad(node, name, "it is not a list", "write one '- {...}' an item");
        }

        var items = new List<StrictMapping>(sequence.Children.Count);
        foreach (YamlNode item in sequence.Children)
        {
            items.Add(AsMapping(item, $"{PathOf(name)}[{items.Count}]"));
        }

        return items;
    }

    /// <summary>Refuses fields that nobody asked for.</summary>
    public void Finish()
    {
        foreach (YamlNode key in _node.Children.Keys)
        {
            string name = key is YamlScalarNode { Value: { } text } ? text : key.ToString();
            if (!_known.Contains(name))
            {
                string nearest = NearestName.Of(name, _known);
                throw new BadInputException(Where(key, name), "the field is unknown", nearest.Length == 0 ? "remove it"
                    : $"did you mean '{nearest}'?");
            }
        }
    }

    /// <summary>An error about one field of this mapping, to be thrown.</summary>
    public BadInputException Bad(string name, string problem, string remedy) => new(Where(Find(name) ?? _node, name), problem, remedy);

    private static YamlScalarNode? Scalar(YamlNode node) => node as YamlScalarNode;

    private double Number(string name, YamlNode node, double low, double high)
    {
        if (!double.TryParse(Scalar(node)?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            || !double.IsFinite(value))
        {
            throw Bad(node, name, $"'{Scalar(node)?.Value ?? "a list or mapping"}' is not a number", "give a number such as 0.5");
        }

        return value >= low && value <= high
            ? value
            : throw Bad(node, name, string.Create(CultureInfo.InvariantCulture, $"{value} is out of range"), RangeText(low, high));
    }

    private int Integer(string name, YamlNode node, int low, int high)
    {
        if (!int.TryParse(Scalar(node)?.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value))
        {
            throw Bad(node, name, $"'{Scalar(node)?.Value ?? "a list or mapping"}' is not a whole number", "give one such as 3");
        }

        return value >= low && value <= high
            ? value
            : throw Bad(node, name, string.Create(CultureInfo.InvariantCulture, $"{value} is out of range"), RangeText(low, high));
    }

    private string Text(string name, YamlNode node) =>
        Scalar(node) is { Value: { Length: > 0 } value } ? value : throw Bad(node, name, "it is not a text", "give a name");

    private static string RangeText(double low, double high) => (double.IsInfinity(low), double.IsInfinity(high)) switch
    {
        (false, false) => string.Create(CultureInfo.InvariantCulture, $"give a value from {low} to {high}"),
        (false, true) => string.Create(CultureInfo.InvariantCulture, $"give a value of at least {low}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"give a value of at most {high}"),
    };

    private StrictMapping AsMapping(YamlNode node, string path) =>
        node is YamlMappingNode mapping
            ? new(mapping, _file, path)
            : throw new BadInputException($"{_file}, line {node.Start.Line}, field '{path}'", "it is not a mapping",
                "write fields as 'name: value'");

    private YamlNode? Find(string name)
    {
        _known.Add(name);
        foreach (KeyValuePair<YamlNode, YamlNode> pair in _node.Children)
        {
            if (pair.Key is YamlScalarNode key && key.Value == name)
            {
                return pair.Value;
            }
        }

        return null;
    }

    private BadInputException Missing(string name) => new(Where(_node, name), "the field is missing", "add it");

    private BadInputException Bad(YamlNode node, string name, string problem, string remedy) => new(Where(node, name), problem, remedy);

    private string Where(YamlNode node, string name) => $"{_file}, line {node.Start.Line}, field '{PathOf(name)}'";

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
