using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The list "rates" of summary.json: one entry for each flux, methods averaged over seeds.</summary>
internal static class MuonRatesSummary
{
    /// <summary>All fluxes.</summary>
    public static JsonArray Of(MuonComparison comparison) => [.. comparison.Rates.Select(One)];

    /// <summary>A turn-on curve.</summary>
    public static JsonArray TurnOn(IReadOnlyList<TurnOnBin> bins) => [.. bins.Select(b => (JsonNode)new JsonObject
    {
        ["ptLow"] = MuonSummary.Number(b.PtLow),
        ["ptHigh"] = MuonSummary.Number(b.PtHigh),
        ["attempted"] = b.Attempted,
        ["accepted"] = b.Accepted,
    })];

    private static JsonNode One(MuonRates rates)
    {
        JsonObject methods = [];
        foreach (string name in rates.Methods.Select(m => m.Method).Distinct(StringComparer.Ordinal))
        {
            IReadOnlyList<MuonMethodRates> seeds = rates.Of(name);
            JsonArray thresholds = [];
            for (int t = 0; t < MuonRates.Thresholds.Count; t++)
            {
                thresholds.Add(new JsonObject
                {
                    ["threshold"] = MuonRates.Thresholds[t],
                    ["accepted"] = MuonSummary.Number(seeds.Average(s => s.Spectrum[t].Accepted)),
                    ["fromBelowThreshold"] = MuonSummary.Number(seeds.Average(s => s.Spectrum[t].FromBelowThreshold)),
                    ["fromBelow5"] = MuonSummary.Number(seeds.Average(s => s.Spectrum[t].FromBelowFive)),
                    ["ideal"] = MuonSummary.Number(seeds.Average(s => s.Spectrum[t].Ideal)),
                    ["turnOn"] = TurnOn(Merged(seeds, t)),
                });
            }

            methods[name] = new JsonObject
            {
                ["efficiency"] = MuonSummary.Number(seeds.Average(s => s.Acceptance.Efficiency)),
                ["fakeShare"] = MuonSummary.Number(seeds.Average(s => s.FakeShare)),
                ["fakeRateKHz"] = MuonSummary.Number(seeds.Average(s => s.FakeRate)),
                ["trigger"] = thresholds,
            };
        }

        return new JsonObject
        {
            ["backgroundKHzPerCm2"] = MuonSummary.Number(rates.Background),
            ["eventsWithoutMuon"] = rates.WithoutMuon,
            ["equalEfficiency"] = MuonRates.EqualEfficiency,
            ["lowestPt"] = MuonRates.LowestPt,
            ["spectrum"] = new JsonObject
            {
                ["exponent"] = MuonRates.Spectrum.Exponent,
                ["ptLow"] = MuonRates.SpectrumLow,
                ["ptHigh"] = MuonRates.SpectrumHigh,
                ["events"] = rates.SpectrumEvents,
            },
            ["methods"] = methods,
        };
    }

    /// <summary>The turn-on curve of one threshold, summed over seeds.</summary>
    public static IReadOnlyList<TurnOnBin> Merged(IReadOnlyList<MuonMethodRates> seeds, int threshold) =>
        [.. Enumerable.Range(0, seeds[0].TurnOn[threshold].Count).Select(b => new TurnOnBin(
            seeds[0].TurnOn[threshold][b].PtLow,
            seeds[0].TurnOn[threshold][b].PtHigh,
            seeds.Sum(s => s.TurnOn[threshold][b].Attempted),
            seeds.Sum(s => s.TurnOn[threshold][b].Accepted)))];
}
