using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Calorimeter;

/// <summary>The "calorimeter" section of summary.json: a method with several seeds or lambdas is a list.</summary>
internal static class CalorimeterSection
{
    /// <summary>The section.</summary>
    public static JsonObject Of(IEnumerable<CalorimeterSampleResult> samples)
    {
        JsonObject all = [];
        foreach (CalorimeterSampleResult sample in samples)
        {
            JsonObject methods = [];
            foreach (IGrouping<string, CalorimeterMethodResult> group in sample.Methods.GroupBy(m => m.Name, StringComparer.Ordinal))
            {
                JsonNode[] entries = [.. group.Select(Entry)];
                methods[group.Key] = entries.Length == 1 ? entries[0] : new JsonArray(entries);
            }

            all[sample.Name] = new JsonObject
            {
                ["water"] = sample.Water,
                ["protonsPerFrame"] = sample.Protons,
                ["frames"] = sample.Frames,
                ["methods"] = methods,
            };
        }

        return new() { ["samples"] = all };
    }

    private static JsonObject Entry(CalorimeterMethodResult result) => new()
    {
        ["label"] = result.Label,
        ["lambda"] = result.Method?.Lambda,
        ["largestChange"] = result.Method?.LargestChange,
        ["seed"] = result.Seed,
        ["unassignedPrice"] = result.Price is { } price ? Number(price) : null,
        ["purity"] = Number(result.Metrics.Purity),
        ["purityError"] = Number(result.Metrics.PurityError),
        ["efficiency"] = Number(result.Metrics.Efficiency),
        ["efficiencyError"] = Number(result.Metrics.EfficiencyError),
        ["efficiencyReference"] = Number(result.Metrics.EfficiencyReference),
        ["truePositiveRate"] = Number(result.Metrics.TruePositiveRate),
        ["falsePositiveRate"] = Number(result.Metrics.FalsePositiveRate),
        ["rangeError"] = Number(result.Metrics.RangeError),
    };

    private static JsonValue? Number(double value) => double.IsFinite(value)
        ? JsonValue.Create(double.Parse(value.ToString("g7", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)) : null;
}
