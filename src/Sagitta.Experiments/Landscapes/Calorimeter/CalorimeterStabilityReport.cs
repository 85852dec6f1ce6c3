using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Stability of segment networks in the report and in summary.json.</summary>
internal static class CalorimeterStabilityReport
{
    public static IEnumerable<Block> Of(IReadOnlyList<CalorimeterStability> stabilities)
    {
        yield return stabilities.Count == 0
            ? new Paragraph(
                "No method has two seeds, so nothing can be said about its stability. `sagitta reproduce calorimeter --seeds 2` makes "
                    + "them.")
            : new Table(
                [
                    "method", new("seeds") { Decimals = 0 }, new("flips", "%"), new("accidental share", "%") { Decimals = 0 }, new(
                        "efficiency", "%") { Decimals = 1 }, new("of the ensemble", "%") { Decimals = 1 },
                    new("purity", "%") { Decimals = 1 }, new("of the ensemble", "%") { Decimals = 1 }, new("cost") { Decimals = 2 },
                ],
                [
                    .. stabilities.Select(s => (IReadOnlyList<Cell>)
                    [
                        s.Method, s.Seeds, new NumberCell(100 * s.Flips, 100 * s.Error), 100 * s.AccidentalShare, 100 * s.Efficiency,
                            100 * s.EnsembleEfficiency, 100 * s.Purity, 100 * s.EnsemblePurity, s.Cost,
                    ]),
                ])
            {
                Caption =
                    "Flips: findable beam particles that exactly one of two seeds finds; the error joins the spread of frames and, from "
                    + "three seeds on, that of seeds (jackknife). Accidental share: of particles that at least one of the two misses, "
                    + "those that the other one finds. "
                    + "Ensemble: scores averaged over all seeds, then one assignment; its cost is in times of one model.",
            };
    }

    public static JsonArray Summary(IReadOnlyList<CalorimeterStability> stabilities) =>
    [
        .. stabilities.Select(s => (JsonNode)new JsonObject
        {
            ["method"] = s.Method,
            ["seeds"] = s.Seeds,
            ["flips"] = s.Flips,
            ["flipsError"] = double.IsFinite(s.FlipsError) ? s.FlipsError : null,
            ["flipsSeedError"] = double.IsFinite(s.FlipsSeedError) ? s.FlipsSeedError : null,
            ["accidentalShare"] = double.IsFinite(s.AccidentalShare) ? s.AccidentalShare : null,
            ["efficiency"] = s.Efficiency,
            ["purity"] = s.Purity,
            ["ensembleEfficiency"] = s.EnsembleEfficiency,
            ["ensemblePurity"] = s.EnsemblePurity,
            ["ensembleCost"] = s.Cost,
        }),
    ];
}
