using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sagitta.Experiments.Landscapes;

/// <summary>What the analyses of all systems add to.</summary>
internal sealed class LandscapeOutput
{
    public JsonObject Summary { get; } = [];
    public List<Block> Blocks { get; } = [];

    public List<(string Name, string Value)> Facts { get; } = [];

    /// <summary>Of each system headings and tables that the documentation shows too.</summary>
    public Dictionary<string, List<Block>> Published { get; } = [];

    /// <summary>Adds blocks to the report, their tables to the documentation of a system too.</summary>
    public void AddPublished(string system, params IEnumerable<Block> blocks)
    {
        Published.TryAdd(system, []);
        foreach (Block block in blocks)
        {
            Blocks.Add(block);
            if (block is Table or Heading)
            {
                Published[system].Add(block);
            }
        }
    }
}

/// <summary>Puts what a run found where readers of the repository look: between two marks of docs/landscape.md for each system.
/// </summary>
internal static class LandscapePublication
{
    /// <summary>Writes what one system's models showed below a folder that holds docs/landscape.md.</summary>
    public static void Write(string root, string system, IEnumerable<Block> blocks, string command)
    {
        StringBuilder found = new();
        found.Append("\n```\n").Append(command).Append("\n```\n");
        foreach (Block block in blocks)
        {
            if (block is Heading heading)
            {
                found.Append("\n### ").Append(heading.Text).Append('\n');
            }
            else if (block is Table table)
            {
                found.Append('\n').Append(TableMarkdown.Of(table));
            }
        }

        MarkedText.Replace(Path.Combine(root, "docs", "landscape.md"),
            $"<!-- {system}: written by 'sagitta landscape --publish', do not edit -->", $"<!-- end of {system} -->", found + "\n");
    }
}

/// <summary>Text between two marks of a document that readers of the repository see.</summary>
internal static class MarkedText
{
    /// <summary>Puts a text there.</summary>
    /// <exception cref="BadInputException">The document has no such marks.</exception>
    public static void Replace(string file, string begin, string end, string text)
    {
        string old = File.Exists(file) ? File.ReadAllText(file) : "";
        int first = old.IndexOf(begin, StringComparison.Ordinal);
        int last = old.IndexOf(end, StringComparison.Ordinal);
        if (first < 0 || last < first)
        {
            throw new BadInputException($"'{file}'", "the marks of what is published are not there",
                $"give the root of a checkout, and in this file the lines {begin} and {end}");
        }

        AtomicFile.WriteText(file, old[..(first + begin.Length)] + text + old[last..]);
    }
}

/// <summary>Records as entries of summary.json: property names in camel case, numbers that are not finite as null, nulls left
/// out.</summary>
internal static class SummaryJson
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new FiniteNumber() },
    };

    public static JsonArray Of<T>(IEnumerable<T> entries) =>
        [.. entries.Select(entry => JsonSerializer.SerializeToNode(entry, entry!.GetType(), _json))];

    private sealed class FiniteNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
