using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes;

/// <summary>What the analyses of all systems add to.</summary>
internal sealed class LandscapeOutput
{
    /// <summary>Section of summary.json.</summary>
    public JsonObject Summary { get; } = [];

    /// <summary>The report.</summary>
    public List<Block> Blocks { get; } = [];

    /// <summary>Facts at the report's head.</summary>
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
