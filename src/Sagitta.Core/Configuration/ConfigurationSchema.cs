using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Sagitta.Core.Configuration;

/// <summary>
/// The JSON schema of a record of options, by which an editor completes and checks a YAML file: names as in files, defaults, domains, and
/// as descriptions the summaries of the properties.
/// </summary>
internal static class ConfigurationSchema
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly JsonSerializerOptions _options = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(new ValueNames()) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepOptions } },
    };

    /// <summary>The schema of the options' type as JSON text; its defaults are these options' values.</summary>
    /// <exception cref="BadInputException">The program is one of machine code alone, in which the base library can't write
    /// schemas.</exception>
    public static string Write(object options)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new BadInputException("the schema", "this program, compiled ahead for machines without .NET, can't write it",
                "ask the program that needs .NET, or leave --schema out");
        }

        JsonNode schema = _options.GetJsonSchemaAsNode(options.GetType(), new()
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Describe(context.PropertyInfo?.AttributeProvider as PropertyInfo, node),
        });
        SetDefaults(schema, JsonSerializer.SerializeToNode(options, options.GetType(), _options));
        ((JsonObject)schema).Insert(0, "$schema", Dialect);
        return schema.ToJsonString(_options) + "\n";
    }

    private static void KeepOptions(JsonTypeInfo type)
    {
        HashSet<string> names = [.. OptionNames.PropertiesOf(type.Type).Select(OptionNames.Of)];
        foreach (JsonPropertyInfo property in type.Properties.Where(property => !names.Contains(property.Name)).ToArray())
        {
            type.Properties.Remove(property);
        }
    }

    private static JsonNode Describe(PropertyInfo? property, JsonNode node)
    {
        if (property is null || node is not JsonObject schema)
        {
            return node;
        }

        if (ExperimentTemplate.SummaryOf(property) is { Length: > 0 } summary)
        {
            schema["description"] = summary;
        }

        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            JsonObject bounded = schema["items"] as JsonObject ?? schema;
            bounded["minimum"] = JsonSerializer.SerializeToNode(range.Minimum, _options);
            if (ExperimentTemplate.IsBounded(range))
            {
                bounded["maximum"] = JsonSerializer.SerializeToNode(range.Maximum, _options);
            }
        }

        return schema;
    }

    private static void SetDefaults(JsonNode? schema, JsonNode? value)
    {
        if (schema is JsonObject described && described["properties"] is JsonObject properties && value is JsonObject fields)
        {
            foreach ((string name, JsonNode? property) in properties)
            {
                SetDefaults(property, fields[name]);
            }
        }
        else if (schema is JsonObject leaf && value is not null)
        {
            leaf["default"] = value.DeepClone();
        }
    }

    private sealed class ValueNames : JsonNamingPolicy
    {
        public override string ConvertName(string name) => OptionNames.OfValue(name);
    }
}
