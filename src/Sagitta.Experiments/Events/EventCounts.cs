using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Events;

/// <summary>What was written to an event file.</summary>
/// <param name="File">The file.</param>
/// <param name="Events">Events.</param>
/// <param name="Hits">Hits of all events.</param>
internal sealed record EventCounts(string File, long Events, long Hits)
{
    /// <summary>For the summary.</summary>
    public JsonObject ToJson() => new() { ["file"] = File, ["events"] = Events, ["hits"] = Hits };

    /// <summary>"10000 events with 1712345 hits in events.npz".</summary>
    public override string ToString() => $"{Events} events with {Hits} hits in {File}";
}
