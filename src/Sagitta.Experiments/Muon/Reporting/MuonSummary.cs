using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The "muon" section of summary.json (docs/formats.md). A network method with several seeds is their mean; each seed stands in
/// its list.</summary>
internal static class MuonSummary
{
    /// <summary>Transverse momenta in GeV at which the limit is told.</summary>
    public static IReadOnlyList<double> LimitPt { get; } = [5, 10, 20, 50, 100];

    public static JsonObject Of(MuonComparison comparison)
    {
        ResolutionLimit constrained = new(comparison.Chain.Detector, comparison.Chain.Detector.NominalResolution,
            comparison.Chain.Detector.NominalResolution);
        IReadOnlyList<MuonClaim> claims = MuonVerdict.Decided(comparison);
        return new()
        {
            ["limit"] = new JsonArray([.. LimitPt.Select(pt => (JsonNode)new JsonObject
            {
                ["pt"] = pt,
                ["relative"] = MetricTable.Number(comparison.Chain.Limit.Relative(pt)),
                ["relativeWithVertex"] = MetricTable.Number(constrained.Relative(pt)),
            })]),
            ["samples"] = new JsonObject(comparison.Samples.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)Sample(comparison, s)))),
            ["found"] = new JsonArray([.. comparison.Efficiencies.SelectMany(counted => counted.Methods.Select(m =>
            {
                JsonObject found = MetricTable.Json(MuonMetrics.OfFound, new MuonFoundRow(counted, m.Method, [m]));
                found["overlays"] = counted.Overlays;
                found["seed"] = m.Seed;
                return (JsonNode)found;
            }))]),
            ["rates"] = new JsonArray([.. comparison.Rates.Select(Rates)]),
            ["verdict"] = new JsonObject
            {
                ["outcome"] = MuonVerdict.Whole(claims).ToString().ToLowerInvariant(),
                ["headline"] = MuonVerdict.Headline(comparison, claims),
                ["text"] = MuonVerdict.Sentences(comparison, claims),
                ["claims"] = new JsonArray([.. claims.Select(Claim)]),
                ["appendix"] = comparison.Primary.Count == 0 ? null : new JsonArray([.. MuonClaims.Of(comparison).Select(claim =>
                {
                    JsonNode node = Claim(claim);
                    node.AsObject().Remove("holds");
                    return node;
                })]),
            },
        };
    }

    private static JsonObject Sample(MuonComparison comparison, MuonSampleResult sample)
    {
        JsonObject section = new()
        {
            ["source"] = sample.Events.Source,
            ["events"] = sample.Events.Count,
            ["backgroundKHzPerCm2"] = MetricTable.Number(sample.Background),
            ["methods"] = new JsonObject(MuonMethodRow.Of(sample).Select(
                row => KeyValuePair.Create(row.Method.Name, (JsonNode?)Method(sample, row)))),
        };
        if (sample.IsPaired)
        {
            section["differences"] = new JsonObject
            {
                ["end-to-end minus factorised"] = new JsonObject
                {
                    ["auc"] = Interval(comparison.AucDifference(sample)),
                    ["averagePrecision"] = Interval(comparison.AveragePrecisionDifference(sample)),
                    ["coreWidth"] = Interval(comparison.CoreWidthDifference(sample)),
                },
            };
        }

        MuonDifferences differences = comparison.Differences(sample);
        foreach ((_, MuonMethod first, MuonMethod second) in MuonPrimaryClaims.Steps(sample))
        {
            JsonObject pair = new() { ["coreWidth"] = Interval(differences.CoreWidth(first, second)) };
            if (!second.WithoutStage)
            {
                pair["auc"] = Interval(differences.Auc(first, second));
                pair["averagePrecision"] = Interval(differences.AveragePrecision(first, second));
            }

            section["differences"] ??= new JsonObject();
            section["differences"]![$"{first} minus {second}"] = pair;
        }

        return section;
    }

    private static JsonObject Method(MuonSampleResult sample, MuonMethodRow row)
    {
        JsonObject method = Metrics(row);
        IReadOnlyList<MuonMethodResult> seeds = row.Seeds;
        method["biasUnderQuarterOfCore"] = seeds.All(MuonVerdict.BiasIsSmall);
        method["statuses"] = new JsonObject(Enum.GetValues<SolveStatus>().Select(status => KeyValuePair.Create(
            TrackFile.Name(status),
            (JsonNode?)JsonValue.Create(seeds.Sum(s => s.Tracks.Status.Where(
                (found, e) => found == status && sample.Events.TruthMuon[e] != 0).Count())))));
        method["hitEfficiencyByPlane"] = Planes(seeds, s => s.PlaneEfficiency);
        method["hitPurityByPlane"] = Planes(seeds, s => s.PlanePurity);
        TrackOutcome[] outcomes = [.. seeds.SelectMany(s => s.Tracks.Outcomes(sample.Events))];
        method["turnOn"] = new JsonObject(MuonRates.Thresholds.Select(threshold => KeyValuePair.Create(
            threshold.ToString(CultureInfo.InvariantCulture),
            (JsonNode?)TurnOn(TriggerTurnOn.Of(outcomes, threshold, TriggerTurnOn.Borders(threshold))))));
        if (row.Method.HasNetwork)
        {
            method["seeds"] = new JsonArray([.. seeds.Select(s =>
            {
                JsonObject one = Metrics(row with { Seeds = [s] });
                one["seed"] = s.Seed;
                return (JsonNode)one;
            })]);
        }

        return method;
    }

    private static JsonObject Metrics(MuonMethodRow row)
    {
        JsonObject metrics = MetricTable.Json(MuonMetrics.OfMethod, row);
        metrics["coverage68"] = MetricTable.Number(row.Mean(s => s.Resolution.Coverage68));
        metrics["coverage95"] = MetricTable.Number(row.Mean(s => s.Resolution.Coverage95));
        metrics["pullMedian"] = MetricTable.Number(row.Mean(s => s.Resolution.PullMedian));
        metrics["binned"] = new JsonArray([.. Enumerable.Range(0, row.Seeds[0].Resolution.Binned.Count).Select(
            b => (JsonNode)MetricTable.Json(MuonMetrics.OfBin, [.. row.Seeds.Select(s => s.Resolution.Binned[b])]))]);
        return metrics;
    }

    private static JsonNode Rates(MuonRates rates) => new JsonObject
    {
        ["backgroundKHzPerCm2"] = MetricTable.Number(rates.Background),
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
        ["methods"] = new JsonObject(MuonRatesRow.Of(rates).Select(row =>
        {
            JsonObject method = MetricTable.Json(MuonMetrics.OfRates, row);
            method["trigger"] = new JsonArray([.. Enumerable.Range(0, MuonRates.Thresholds.Count).Select(t =>
            {
                JsonObject trigger = MetricTable.Json(MuonMetrics.OfTrigger(t), row);
                trigger["threshold"] = MuonRates.Thresholds[t];
                trigger["ideal"] = MetricTable.Number(row.Mean(s => s.Spectrum[t].Ideal));
                trigger["turnOn"] = TurnOn(row.TurnOn(t));
                return (JsonNode)trigger;
            })]);
            return KeyValuePair.Create(row.Method.Name, (JsonNode?)method);
        })),
    };

    private static JsonArray TurnOn(IReadOnlyList<TurnOnBin> bins) => [.. bins.Select(b => (JsonNode)new JsonObject
    {
        ["ptLow"] = MetricTable.Number(b.PtLow),
        ["ptHigh"] = MetricTable.Number(b.PtHigh),
        ["attempted"] = b.Attempted,
        ["accepted"] = b.Accepted,
    })];

    private static JsonArray Planes(IReadOnlyList<MuonMethodResult> seeds, Func<MuonMethodResult, IReadOnlyList<double>> values) =>
        [.. Enumerable.Range(0, seeds.Min(s => values(s).Count)).Select(
            i => (JsonNode?)MetricTable.Number(seeds.Average(s => values(s)[i])))];

    private static JsonNode Claim(MuonClaim claim)
    {
        JsonObject node = Interval(claim.Measured);
        node["name"] = claim.Name;
        node["sample"] = claim.Sample;
        node["bound"] = claim.Bound;
        node["holds"] = claim.Outcome switch { VerdictOutcome.Holds => true, VerdictOutcome.Fails => false, _ => null };
        if (claim.Reason.Length > 0)
        {
            node["reason"] = claim.Reason;
        }

        return node;
    }

    private static JsonObject Interval(PairedDifference difference) => MetricTable.Interval(MuonMetrics.Of(difference));
}
