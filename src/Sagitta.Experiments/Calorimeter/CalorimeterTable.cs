using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Calorimeter;

/// <summary>Every quantity that is reported of a method, stated once for all tables and for JSON.</summary>
internal static class CalorimeterTable
{
    /// <summary>The metrics of a method.</summary>
    public static IReadOnlyList<MetricColumn<CalorimeterRow>> OfMethod { get; } =
    [
        Percent("purity", "Purity", 14, "Mean over frames of the share of tracks whose hits are of one primary.",
            row => row.Combined(m => m.Purity, m => m.PurityError)),
        Percent("efficiency", "Efficiency", 14, "Mean over frames of the share of findable primaries with one correct track.",
            row => row.Combined(m => m.Efficiency, m => m.EfficiencyError)),
        Percent("efficiencyPossible", "Efficiency possible", 9,
            "Mean efficiency of a perfect tracker: all right segments that the gates keep, the same selection of tracks.",
            row => row.Mean(m => m.EfficiencyPossible)) with { Short = "possible" },
        Percent("efficiencyReference", "Efficiency as published", 9, "Mean efficiency as the published code counts it: it can exceed 1.",
            row => row.Mean(m => m.EfficiencyReference)) with { Short = "eff.ref.", IsShare = false },
        Percent("efficiencyReferencePossible", "As published, possible", 9, "The same of a perfect tracker.",
            row => row.Mean(m => m.EfficiencyReferencePossible)) with { Short = "possible", IsShare = false },
        Percent("truePositiveRate", "True positives", 7, "Share of true segments that are chosen.", row =>
            row.Mean(m => m.TruePositiveRate))
            with { Short = "TPR", Format = "0.00" },
        Percent("falsePositiveRate", "False positives", 7, "Share of false segments that are chosen.",
            row => row.Mean(m => m.FalsePositiveRate)) with { Short = "FPR", Format = "0.00" },
        new("rangeError", "Range error", "0.00", "Mean absolute error of ranges by wrong hits.", row => row.Mean(m => m.RangeError))
        { Unit = "mm", Short = "range err.", Width = 10 },
    ];

    /// <summary>What was published for the same thickness of water and number of protons.</summary>
    public static IReadOnlyList<MetricColumn<CalorimeterRow>> Published { get; } =
    [
        new("publishedPurity", "Published purity", "0.0", "Purity in the published tables.",
            row => PublishedResults.Of(row.Label, row.Sample.Water, row.Sample.Protons).Purity) { Unit = "%" },
        new("publishedEfficiency", "Published efficiency", "0.0", "Efficiency in the published tables.",
            row => PublishedResults.Of(row.Label, row.Sample.Water, row.Sample.Protons).Efficiency) { Unit = "%" },
    ];

    /// <summary>Name of the method.</summary>
    public static MetricColumn<CalorimeterRow> Method { get; } =
        new("label", "Method", "", "The method.", row => row.Label) { Short = "method", Width = -16 };

    /// <summary>The water and the protons of the sample.</summary>
    public static IReadOnlyList<MetricColumn<CalorimeterRow>> Sample { get; } =
    [
        new("water", "Water", "0", "Thickness of water before the calorimeter.", row => row.Sample.Water) { Unit = "mm" },
        new("protonsPerFrame", "Protons", "0", "Protons of a frame.", row => row.Sample.Protons),
    ];

    /// <summary>One line for each sample and method.</summary>
    public static string PlainText(IEnumerable<CalorimeterSampleResult> samples) =>
        "means over frames and seeds with their errors, in per cent; errors of ranges in mm\n" + MetricTable.PlainText(
        [
            new("sample", "sample", "", "Name of the sample.", row => row.Sample.Name) { Width = -13 },
            new("frames", "frames", "0", "Frames of the sample.", row => row.Sample.Frames) { Width = 6 },
            Method,
            .. OfMethod,
        ],
        samples.SelectMany(CalorimeterRow.Of));

    /// <summary>The "calorimeter" section of summary.json: a method with several seeds or lambdas is a list.</summary>
    public static JsonObject Json(IEnumerable<CalorimeterSampleResult> samples)
    {
        JsonObject all = [];
        foreach (CalorimeterSampleResult sample in samples)
        {
            JsonObject methods = [];
            foreach (IGrouping<string, CalorimeterMethodResult> group in sample.Methods.GroupBy(m => m.Name, StringComparer.Ordinal))
            {
                JsonNode[] entries = [.. group.Select(result => Entry(sample, result))];
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

    private static JsonObject Entry(CalorimeterSampleResult sample, CalorimeterMethodResult result)
    {
        JsonObject entry = MetricTable.Json([Method, .. OfMethod], new CalorimeterRow(sample, [result]));
        entry["lambda"] = result.Method?.Lambda;
        entry["largestChange"] = result.Method?.LargestChange;
        entry["seed"] = result.Seed;
        entry["unassignedPrice"] = result.Price is { } price ? MetricTable.Number(price) : null;
        return entry;
    }

    private static MetricColumn<CalorimeterRow> Percent(
        string name, string header, int width, string meaning, Func<CalorimeterRow, Metric> value) =>
        new(name, header, "0.0", meaning, value)
        {
            Unit = "%",
            Scale = 100,
            IsShare = true,
            Width = width,
            Short = header.ToLowerInvariant()
        };
}

/// <summary>One method on one sample, as a row of tables; numbers are means over seeds.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="Seeds">Results of the method that differ in the seed.</param>
internal sealed record CalorimeterRow(CalorimeterSampleResult Sample, IReadOnlyList<CalorimeterMethodResult> Seeds)
{
    /// <summary>Name of the method.</summary>
    public string Label => Seeds[0].Label;

    /// <summary>Purity with its error.</summary>
    public Metric Purity => Combined(m => m.Purity, m => m.PurityError);

    /// <summary>The rows of a sample in the order of its methods.</summary>
    public static IReadOnlyList<CalorimeterRow> Of(CalorimeterSampleResult sample) =>
        [.. sample.Methods.GroupBy(m => m.Label, StringComparer.Ordinal).Select(g => new CalorimeterRow(sample, [.. g]))];

    /// <summary>The mean over seeds.</summary>
    public double Mean(Func<CalorimeterMetrics, double> value) => Seeds.Average(s => value(s.Metrics));

    /// <summary>The mean over seeds with an error that combines the spread of seeds and that of frames.</summary>
    public Metric Combined(Func<CalorimeterMetrics, double> value, Func<CalorimeterMetrics, double> error)
    {
        double mean = Mean(value);
        if (Seeds.Count == 1)
        {
            return new(mean, error(Seeds[0].Metrics));
        }

        double between = Seeds.Sum(s => Math.Pow(value(s.Metrics) - mean, 2)) / (Seeds.Count - 1.0) / Seeds.Count;

        // All seeds see the same frames, so their frame errors do not average out.
        double within = Seeds.Average(s => Math.Pow(error(s.Metrics), 2));
        return new(mean, Math.Sqrt(between + (double.IsNaN(within) ? 0 : within)));
    }
}
