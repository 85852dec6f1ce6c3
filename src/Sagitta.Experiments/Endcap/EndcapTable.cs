using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Endcap;

/// <summary>Every quantity that is reported of a method, stated once for tables and for JSON.</summary>
internal static class EndcapTable
{
    private static readonly MetricColumn<EndcapMetrics> _method =
        new("method", "Method", "", "The method.", m => m.Method) { Width = -12 };

    /// <summary>The metrics of a method.</summary>
    public static IReadOnlyList<MetricColumn<EndcapMetrics>> OfMethod { get; } =
    [
        Percent<EndcapMetrics>("efficiency", "Efficiency", "Muons with a track by double majority.", m => m.Efficiency),
        Percent<EndcapMetrics>("fakeRate", "Fakes", "Tracks that are no muon's.", m => m.FakeRate),
        Percent<EndcapMetrics>("cloneRate", "Clones", "Second tracks of a muon.", m => m.CloneRate),
        new("coreWidth", "Core", "0.000", "Half of the 16-84 % span of (q/p - truth) over its bound.", m => m.CoreWidth),
        new("pullWidth", "Pull", "0.000", "Half of the 16-84 % span of (q/p - truth) over its error.", m => m.PullWidth),
        Percent<EndcapMetrics>("chargeMisidentification", "Charge errors", "Found muons with the wrong charge.",
            m => m.ChargeMisidentification) with { Short = "charge", Width = 7 },
    ];

    private static IReadOnlyList<MetricColumn<EndcapMuonCount>> OfCount { get; } =
    [
        new("muons", "Muons", "0", "True muons of an event.", c => c.Muons),
        Percent<EndcapMuonCount>("efficiency", "Efficiency", "Muons found.", c => c.Efficiency),
        Percent<EndcapMuonCount>("allFound", "All found", "Events of which all muons were found.", c => c.AllFound),
        Percent<EndcapMuonCount>("fakeRate", "Fakes", "Tracks that are no muon's.", c => c.FakeRate),
    ];

    /// <summary>The columns of a method in reports, two-muon events and close pairs among them.</summary>
    public static IReadOnlyList<MetricColumn<EndcapMetrics>> All { get; } =
    [
        _method, .. OfMethod,
        Percent<EndcapMetrics>("twoMuons", "Two muons", "Muons found in events with two.", m => m.ByMuons[2].Efficiency) with
        { Short = "of two" },
        Percent<EndcapMetrics>("twoMuonFakes", "Fakes of two", "Tracks of no muon in events with two.", m => m.ByMuons[2].FakeRate) with
        { Short = "fakes", Width = 7 },
        Percent<EndcapMetrics>("closePairs", "Close pairs", "Muons of close pairs that were found.", m => m.ClosePairs.Efficiency) with
        { Short = "close" },
        Percent<EndcapMetrics>("closePairsAllFound", "Both found", "Close pairs of which both were found.", m => m.ClosePairs.AllFound)
            with { Short = "both" },
    ];

    /// <summary>One line for each method.</summary>
    public static string PlainText(string sample, EndcapEvents events, IReadOnlyList<EndcapMetrics> metrics) =>
        string.Create(CultureInfo.InvariantCulture, $"{sample}: {events.Count} events, {events.Muons.Length} muons; shares in per cent\n")
            + MetricTable.PlainText(All, metrics);

    /// <summary>The "endcap" section of summary.json.</summary>
    public static JsonObject Json(string sample, IReadOnlyList<EndcapMetrics> metrics)
    {
        JsonObject methods = [];
        foreach (EndcapMetrics method in metrics)
        {
            JsonObject own = MetricTable.Json(OfMethod, method);
            own["byMuons"] = new JsonArray([.. method.ByMuons.Select(count => MetricTable.Json(OfCount, count))]);
            own["closePairs"] = MetricTable.Json([.. OfCount.Where(c => c.Name is "efficiency" or "allFound")], method.ClosePairs);
            methods[method.Method] = own;
        }

        return new() { ["samples"] = new JsonObject { [sample] = new JsonObject { ["methods"] = methods } } };
    }

    private static MetricColumn<TRow> Percent<TRow>(string name, string header, string meaning, Func<TRow, Metric> value) =>
        new(name, header, "0.00", meaning, value) { Unit = "%", Scale = 100, IsShare = true, Width = 10 };
}
