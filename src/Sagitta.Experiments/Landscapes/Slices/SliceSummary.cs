using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes.Slices;

/// <summary>Slices in summary.json: the value at the model, the extremes and the median of each quantity.</summary>
internal static class SliceSummary
{
    public static JsonArray Of(IReadOnlyList<ModelSlice> slices) =>
    [
        .. from slice in slices
           from quantity in slice.Grid.Quantities.Select((name, index) => (name, index))
           let values = slice.Grid.Values[quantity.index].Order().ToArray()
           select (JsonNode)new JsonObject
           {
               ["method"] = slice.Model.Method,
               ["seed"] = slice.Model.Seed,
               ["directions"] = slice.Directions,
               ["statistics"] = slice.Statistics,
               ["quantity"] = quantity.name,
               ["centre"] = Number(slice.Centre[quantity.index]),
               ["minimum"] = Number(values[0]),
               ["median"] = Number(values[values.Length / 2]),
               ["maximum"] = Number(values[^1]),
               ["pathShare"] = Number(slice.PathShare),
           },
    ];

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
