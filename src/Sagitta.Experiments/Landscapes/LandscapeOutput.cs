using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sagitta.Experiments.Landscapes;

/// <summary>What the analyses of all systems add to.</summary>
internal sealed class LandscapeOutput
{
    /// <summary>Section of summary.json.</summary>
    public JsonObject Summary { get; } = [];
    public List<Block> Blocks { get; } = [];

    public List<(string Name, string Value)> Facts { get; } = [];

    /// <summary>Headings and tables that the documentation shows too.</summary>
    public List<Block> Published { get; } = [];

    /// <summary>Adds blocks to the report, their tables to the documentation too.</summary>
    public void AddPublished(params IEnumerable<Block> blocks)
    {
        foreach (Block block in blocks)
        {
            Blocks.Add(block);
            if (block is Table or Heading)
            {
                Published.Add(block);
            }
        }
    }
}

/// <summary>Puts what a run found where readers of the repository look: between two marks of docs/landscape.md.</summary>
internal static class LandscapePublication
{
    private const string Begin = "<!-- findings: written by 'sagitta landscape --publish', do not edit -->";
    private const string End = "<!-- end of findings -->";

    /// <summary>Writes below a folder that holds docs/landscape.md.</summary>
    public static void Write(string root, IEnumerable<Block> blocks, string command)
    {
        string file = Path.Combine(root, "docs", "landscape.md");
        string text = File.Exists(file) ? File.ReadAllText(file) : "";
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new BadInputException($"'{file}'", "the marks of the findings are not there",
                $"give the root of a checkout, and in its docs/landscape.md the lines {Begin} and {End}");
        }

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

        AtomicFile.WriteText(file, text[..(begin + Begin.Length)] + found + "\n" + text[end..]);
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
