using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>Stability of hit scorers in the report and in summary.json.</summary>
internal static class MuonStabilityReport
{
    public static IEnumerable<Block> Of(IReadOnlyList<MuonStability> stabilities)
    {
        if (stabilities.Count == 0)
        {
            yield return new Paragraph(
                "No method has two seeds, so nothing can be said about its stability. `sagitta reproduce muon --seeds 2` makes them.");
            yield break;
        }

        yield return new Table(
            [
                "method", new("seeds") { Decimals = 0 }, new("instability", "limits"), new("core of one", "limits"), new(
                    "of its square", "%") { Decimals = 1 }, new("large changes", "%"),
                new("core of the ensemble", "limits"), new("beyond 5, one", "%"), new("ensemble", "%"), new("cost") { Decimals = 2 },
            ],
            [
                .. stabilities.Select(s => (IReadOnlyList<Cell>)
                [
                    s.Method, s.Seeds, new NumberCell(s.Instability, s.Error), s.CoreWidth, 100 * Math.Pow(
                        s.Instability / s.CoreWidth, 2), 100 * s.LargeChanges,
                    s.EnsembleCoreWidth, 100 * s.Tail5, 100 * s.EnsembleTail5, s.Cost,
                ]),
            ])
        {
            Caption =
                "Instability: what the choice of the seed adds to the error of q/pT of a single event, in units of the physical limit at "
                + "its momentum (half the central 68 % of the difference of "
                + "two seeds over root 2, its error joins a bootstrap over events and, from three seeds on, a jackknife over seeds), and "
                    + "its share of the squared core width. Large changes: two seeds differ by more than 3 limits. "
                + "Ensemble: weights of hits averaged over seeds, then one fit; its cost is in times of one model.",
        };
    }

    public static JsonArray Summary(IReadOnlyList<MuonStability> stabilities) =>
    [
        .. stabilities.Select(s => (JsonNode)new JsonObject
        {
            ["method"] = s.Method,
            ["seeds"] = s.Seeds,
            ["instability"] = Number(s.Instability),
            ["instabilityError"] = Number(s.InstabilityError),
            ["instabilitySeedError"] = Number(s.InstabilitySeedError),
            ["coreWidth"] = Number(s.CoreWidth),
            ["largeChanges"] = Number(s.LargeChanges),
            ["ensembleCoreWidth"] = Number(s.EnsembleCoreWidth),
            ["tail5"] = Number(s.Tail5),
            ["ensembleTail5"] = Number(s.EnsembleTail5),
            ["ensembleCost"] = Number(s.Cost),
        }),
    ];

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
