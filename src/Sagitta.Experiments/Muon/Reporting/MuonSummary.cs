using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The "muon" section of summary.json (docs/formats.md). A network method with several seeds is their mean; each seed stands in
/// its list.</summary>
internal static class MuonSummary
{
    private static readonly double[] _limitPt = [5, 10, 20, 50, 100];

    /// <summary>The section of a comparison.</summary>
    public static JsonObject Of(MuonComparison comparison)
    {
        JsonObject samples = [];
        foreach (MuonSampleResult sample in comparison.Samples)
        {
            JsonObject methods = [];
            foreach (string name in sample.MethodNames)
            {
                methods[name] = Method(sample, sample.Of(name));
            }

            JsonObject section = new()
            {
                ["source"] = sample.Events.Source,
                ["events"] = sample.Events.Count,
                ["backgroundKHzPerCm2"] = Number(sample.Background),
                ["methods"] = methods,
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

            samples[sample.Name] = section;
        }

        ResolutionLimit constrained = new(comparison.Chain.Detector, comparison.Chain.Detector.NominalResolution,
            comparison.Chain.Detector.NominalResolution);
        IReadOnlyList<MuonClaim> claims = MuonClaims.Of(comparison);
        return new()
        {
            ["limit"] = new JsonArray([.. _limitPt.Select(
                pt => (JsonNode)new JsonObject { ["pt"] = pt, ["relative"] = Number(comparison.Chain.Limit.Relative(pt)),
                ["relativeWithVertex"] = Number(constrained.Relative(pt)) })]),
            ["samples"] = samples,
            ["found"] = new JsonArray([.. comparison.Efficiencies.SelectMany(counted => counted.Methods.Select(m => (JsonNode)new JsonObject
            {
                ["sample"] = counted.Name,
                ["events"] = counted.Attempted,
                ["overlays"] = counted.Overlays,
                ["method"] = m.Method,
                ["seed"] = m.Seed,
                ["share"] = Number(m.Share),
            }))]),
            ["rates"] = MuonRatesSummary.Of(comparison),
            ["verdict"] = new JsonObject
            {
                ["outcome"] = MuonVerdict.Whole(claims).ToString().ToLowerInvariant(),
                ["headline"] = MuonVerdict.Headline(comparison, claims),
                ["text"] = MuonVerdict.Sentences(comparison, claims),
                ["claims"] = new JsonArray([.. claims.Select(Claim)]),
            },
        };
    }

    private static JsonObject Method(MuonSampleResult sample, IReadOnlyList<MuonMethodResult> seeds)
    {
        JsonObject method = One(seeds[0]);
        AddDetails(method, sample, seeds);
        if (seeds.Count == 1)
        {
            return method;
        }

        JsonObject[] all = [.. seeds.Select(One)];
        foreach (string key in method.Select(p => p.Key).ToArray())
        {
            if (method[key] is JsonValue value && value.TryGetValue(out double _))
            {
                double[] values = [.. all.Select(o => o[key] is JsonValue v && v.TryGetValue(out double d) ? d : double.NaN)];
                method[key] = Number(values.Average());
            }
        }

        method["binned"] = new JsonArray([.. Enumerable.Range(0, seeds[0].Resolution.Binned.Count)
            .Select(b => (JsonNode)Bin([.. seeds.Select(s => s.Resolution.Binned[b])]))]);
        method["reading"] = string.Join(", ", seeds.Select(s => s.Reading).Distinct(StringComparer.Ordinal));
        method["seeds"] = new JsonArray([.. all.Zip(seeds, (o, s) =>
        {
            o["seed"] = s.Seed;
            return (JsonNode)o;
        })]);
        return method;
    }

    // What is no single number: averaged or summed over seeds.
    private static void AddDetails(JsonObject method, MuonSampleResult sample, IReadOnlyList<MuonMethodResult> seeds)
    {
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
            (JsonNode?)MuonRatesSummary.TurnOn(TriggerTurnOn.Of(outcomes, threshold, TriggerTurnOn.Borders(threshold))))));
    }

    private static JsonArray Planes(IReadOnlyList<MuonMethodResult> seeds, Func<MuonMethodResult, IReadOnlyList<double>> values) =>
        [.. Enumerable.Range(0, seeds.Min(s => values(s).Count)).Select(i => (JsonNode?)Number(seeds.Average(s => values(s)[i])))];

    private static JsonObject One(MuonMethodResult result)
    {
        ResolutionSummary resolution = result.Resolution;
        return new()
        {
            ["reading"] = result.Reading.Length > 0 ? result.Reading : null,
            ["auc"] = Number(result.Auc),
            ["averagePrecision"] = Number(result.AveragePrecision),
            ["efficiency"] = Number(resolution.Efficiency),
            ["hitEfficiency"] = Number(result.HitEfficiency),
            ["hitPurity"] = Number(result.HitPurity),
            ["attempted"] = resolution.Attempted,
            ["failedFits"] = resolution.FailedFits,
            ["coreWidth"] = Number(resolution.CoreWidth),
            ["rms95"] = Number(resolution.Rms95),
            ["tail3"] = Number(resolution.Tail3),
            ["tail5"] = Number(resolution.Tail5),
            ["bias"] = Number(resolution.Bias),
            ["pullWidth"] = Number(resolution.PullWidth),
            ["pullMedian"] = Number(resolution.PullMedian),
            ["chargeMisidentification"] = Number(resolution.ChargeMisidentification),
            ["binned"] = new JsonArray([.. resolution.Binned.Select(b => (JsonNode)Bin([b]))]),
        };
    }

    private static JsonObject Bin(IReadOnlyList<ResolutionBin> seeds) => new()
    {
        ["ptLow"] = seeds[0].PtLow,
        ["ptHigh"] = seeds[0].PtHigh,
        ["attempted"] = seeds[0].Attempted,
        ["coreWidth"] = Number(seeds.Average(b => b.CoreWidth)),
        ["bias"] = Number(seeds.Average(b => b.Bias)),
        ["rms95"] = Number(seeds.Average(b => b.Rms95)),
        ["limit"] = Number(seeds[0].Limit),
    };

    private static JsonNode Claim(MuonClaim claim)
    {
        JsonObject node = Interval(claim.Measured);
        node["name"] = claim.Name;
        node["sample"] = claim.Sample;
        node["bound"] = claim.Bound;
        node["holds"] = claim.Outcome switch { VerdictOutcome.Holds => true, VerdictOutcome.Fails => false, _ => null };
        return node;
    }

    private static JsonObject Interval(PairedDifference difference) => new()
    {
        ["value"] = Number(difference.Value),
        ["low"] = Number(difference.Low),
        ["high"] = Number(difference.High),
    };

    internal static JsonValue? Number(double value) => double.IsFinite(value)
        ? JsonValue.Create(double.Parse(value.ToString("g7", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)) : null;
}
