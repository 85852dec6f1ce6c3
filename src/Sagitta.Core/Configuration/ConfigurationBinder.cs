using System.Collections;
using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using YamlDotNet.RepresentationModel;

namespace Sagitta.Core.Configuration;

/// <summary>Turns nodes of a YAML document into records of options. Understood are bool, int, long, ulong, float, double, string,
/// enumerations, nullable values, lists (IReadOnlyList, ImmutableArray, arrays), dictionaries by name (IReadOnlyDictionary) and records of
/// all these. A field of a required property must be given; a number must lie in the property's <see cref="RangeAttribute"/>, and a list
/// with a <see cref="MinLengthAttribute"/> must have an element.</summary>
internal sealed class ConfigurationBinder(string file)
{
    private static readonly MethodInfo _toImmutable = typeof(ImmutableArray).GetMethods().Single(
        m => m.Name == nameof(ImmutableArray.Create)
        && m.GetParameters() is [{ ParameterType.IsArray: true }]);

    private readonly Dictionary<YamlNode, string> _origins = new(ReferenceEqualityComparer.Instance);

    /// <summary>Notes that a node stands elsewhere than in the file.</summary>
    public void SetOrigin(YamlNode node, string place) => _origins[node] = place;

    /// <summary>A record of a type as the mapping gives it; what the mapping leaves out has the type's defaults.</summary>
    public object Bind(YamlMappingNode node, Type type) => BindRecord(node, New(type), string.Empty);

    private object BindRecord(YamlMappingNode node, object defaults, string path)
    {
        object options = Copy(defaults);
        IReadOnlyList<PropertyInfo> properties = OptionNames.PropertiesOf(options.GetType());
        HashSet<PropertyInfo> given = [];
        foreach ((YamlNode key, YamlNode value) in node.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? string.Empty;
            string field = path + name;
            PropertyInfo? property = properties.FirstOrDefault(p => string.Equals(OptionNames.Of(p), name, StringComparison.Ordinal));
            if (property is null)
            {
                string nearest = NearestName.Of(name, properties.Select(OptionNames.Of));
                throw new BadInputException(Place(key, field), "this field is unknown", nearest.Length > 0
                    ? $"did you mean '{path}{nearest}'?" : "there are no fields here");
            }

            given.Add(property);
            object? bound = BindValue(value, property.PropertyType, property.GetValue(options), field);
            CheckRange(property, bound, value, field);
            property.SetValue(options, bound);
        }

        if (properties.FirstOrDefault(p => p.IsDefined(typeof(RequiredMemberAttribute)) && !given.Contains(p)) is { } missing)
        {
            throw new BadInputException(Place(node, path + OptionNames.Of(missing)), "the field is missing", "add it");
        }

        foreach (OptionProblem problem in (options as ICheckedOptions)?.Check() ?? [])
        {
            (YamlNode place, string field) = Find(node, problem.Field);
            throw new BadInputException(Place(place, path + field), problem.Problem, problem.Remedy);
        }

        return options;
    }

    // The node of a property, or of a path such as "planes[1].z"; of a path that the file does not give, the last node on it.
    private static (YamlNode Node, string Field) Find(YamlNode node, string path)
    {
        List<string> names = [];
        foreach (string part in path.Split('.'))
        {
            int bracket = part.IndexOf('[', StringComparison.Ordinal);
            string given = bracket < 0 ? part : part[..bracket];
            string name = OptionNames.OfProperty(given);
            YamlNode? next = null;
            if (node is YamlMappingNode mapping && !mapping.Children.TryGetValue(new YamlScalarNode(name), out next)
                && mapping.Children.TryGetValue(new YamlScalarNode(given), out next))
            {
                name = given;
            }

            names.Add(bracket < 0 ? name : name + part[bracket..]);
            if (bracket >= 0 && next is YamlSequenceNode list)
            {
                next = list.Children[NumberText.Read<int>(part[(bracket + 1)..^1], path)];
            }

            node = next ?? node;
        }

        return (node, string.Join('.', names));
    }

    private void CheckRange(PropertyInfo property, object? value, YamlNode node, string field)
    {
        if (property.GetCustomAttribute<MinLengthAttribute>() is { } fewest && value is IEnumerable list
            && list.Cast<object?>().Take(fewest.Length).Count() < fewest.Length)
        {
            throw new BadInputException(Place(node, field), "the list is empty", "give at least one");
        }

        if (property.GetCustomAttribute<RangeAttribute>() is not { } range)
        {
            return;
        }

        if (value is IDictionary named)
        {
            foreach (DictionaryEntry entry in named)
            {
                CheckRange(range, entry.Value, node, $"{field}.{entry.Key}");
            }
        }
        else if (value is IEnumerable items and not string)
        {
            foreach ((int index, object? item) in items.Cast<object?>().Index())
            {
                CheckRange(range, item, (node as YamlSequenceNode)?.Children[index] ?? node,
                    string.Create(CultureInfo.InvariantCulture, $"{field}[{index}]"));
            }
        }
        else if (value is IConvertible)
        {
            CheckRange(range, value, node, field);
        }
    }

    private void CheckRange(RangeAttribute range, object? value, YamlNode node, string field)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        double number = Convert.ToDouble(value, culture);
        double low = Convert.ToDouble(range.Minimum, culture);
        double high = Convert.ToDouble(range.Maximum, culture);
        if (number < low || number > high)
        {
            throw new BadInputException(Place(node, field), string.Create(culture, $"{number} is out of range"),
                double.IsInfinity(high) ? string.Create(culture, $"give a value of at least {low}")
                : string.Create(culture, $"give a value from {low} to {high}"));
        }
    }

    private object? BindValue(YamlNode node, Type type, object? current, string field)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return node is YamlScalarNode { Value: "" or "null" or "~" or null } ? null : BindValue(node, inner, current, field);
        }

        if (ElementOf(type) is { } element)
        {
            return BindList(node, type, element, field);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return BindDictionary(node, type.GetGenericArguments()[1], field);
        }

        if (type.IsEnum || Type.GetTypeCode(type) != TypeCode.Object)
        {
            string text = node is YamlScalarNode scalar ? scalar.Value ?? string.Empty
                : throw Wrong(node, field, "a list or mapping", Expected(type));
            return ParseScalar(text, type) ?? throw Wrong(node, field, $"'{text}'", Expected(type));
        }

        YamlMappingNode mapping = node as YamlMappingNode
            ?? throw Wrong(node, field, node is YamlScalarNode { Value: { } value } ? $"'{value}'"
            : "a list", "fields, one a line below it");
        return BindRecord(mapping, current ?? New(type), field + ".");
    }

    private object BindList(YamlNode node, Type type, Type element, string field)
    {
        YamlSequenceNode sequence = node as YamlSequenceNode
            ?? throw Wrong(node, field, node is YamlScalarNode { Value: { } value } ? $"'{value}'"
            : "a mapping", $"a list [..] of {Plural(element)}");
        var values = Array.CreateInstance(element, sequence.Children.Count);
        for (int i = 0; i < values.Length; i++)
        {
            YamlNode child = sequence.Children[i];
            if (_origins.TryGetValue(node, out string? place))
            {
                SetOrigin(child, place);
            }

            values.SetValue(BindValue(child, element, null, $"{field}[{i}]"), i);
        }

        return type.IsValueType ? _toImmutable.MakeGenericMethod(element).Invoke(null, [values])! : values;
    }

    private object BindDictionary(YamlNode node, Type element, string field)
    {
        YamlMappingNode mapping = node as YamlMappingNode
            ?? throw Wrong(node, field, "a value", "names, each with its value, one a line below it");
        var values = (IDictionary)Activator.CreateInstance(
            typeof(Dictionary<,>).MakeGenericType(typeof(string), element), StringComparer.Ordinal)!;
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? string.Empty;
            values[name] = BindValue(value, element, null, $"{field}.{name}");
        }

        return values;
    }

    private static object? ParseScalar(string text, Type type)
    {
        if (type.IsEnum)
        {
            string? name = Enum.GetNames(type).FirstOrDefault(n => string.Equals(OptionNames.OfValue(n), text, StringComparison.Ordinal));
            return name is null ? null : Enum.Parse(type, name);
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => text switch { "true" => true, "false" => false, _ => null },
            TypeCode.Int32 => NumberText.TryRead(text, out int i) ? i : null,
            TypeCode.Int64 => NumberText.TryRead(text, out long l) ? l : null,
            TypeCode.UInt64 => NumberText.TryRead(text, out ulong u) ? u : null,
            TypeCode.Single => NumberText.TryRead(text, out float f) && float.IsFinite(f) ? f : null,
            TypeCode.Double => NumberText.TryRead(text, out double d) && double.IsFinite(d) ? d : null,
            TypeCode.String => text,
            _ => throw new NotSupportedException(
                $"Options of type {type.Name} can't be read from files: use a number, bool, string, enumeration, list or record."),
        };
    }

    private static string Expected(Type type) => type.IsEnum
        ? "one of " + string.Join(", ", Enum.GetNames(type).Select(OptionNames.OfValue))
        : Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.Int32 or TypeCode.Int64 => "a whole number such as 3",
            TypeCode.UInt64 => "a whole number from 0",
            TypeCode.Single or TypeCode.Double => "a number such as 0.5",
            _ => "a text",
        };

    private static string Plural(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => "texts",
        TypeCode.Object => "groups of fields",
        _ => type.IsEnum ? "names" : "numbers",
    };

    private static Type? ElementOf(Type type) => type.IsArray
        ? type.GetElementType()
        : type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            || type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            ? type.GetGenericArguments()[0]
            : null;

    // Every record has a public method of this name that copies it; it is what a with-expression calls.
    private static object Copy(object options) => options.GetType().GetMethod("<Clone>$") is { } clone
        ? clone.Invoke(options, null)!
        : throw new NotSupportedException($"{options.GetType().Name} holds options but is no record: make it one.");

    private static object New(Type type) => type.GetConstructor(Type.EmptyTypes) is { } constructor
        ? constructor.Invoke(null)
        : throw new NotSupportedException($"{type.Name} has no defaults: give it a constructor without parameters.");

    private BadInputException Wrong(YamlNode node, string field, string found, string expected) =>
        new(Place(node, field), $"{found} is not what is expected", $"give {expected}");

    private string Place(YamlNode node, string field) => _origins.TryGetValue(node, out string? place)
        ? $"{place}, field '{field}'"
        : $"'{file}', line {node.Start.Line}, field '{field}'";
}
