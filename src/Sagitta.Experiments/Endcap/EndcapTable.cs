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

    private static IReadOnlyList<MetricColumn<EndcapBin>> OfBin { get; } =
    [
        new("low", "From", "0.##", "Where the range begins.", b => b.Low),
        new("high", "To", "0.##", "Where it ends.", b => b.High),
        new("muons", "Muons", "0", "True muons of the range.", b => b.Muons),
        Percent<EndcapBin>("efficiency", "Efficiency", "Muons found.", b => b.Efficiency),
        new("coreWidth", "Core", "0.000", "Half of the 16-84 % span of (q/p - truth) over its bound.", b => b.CoreWidth),
        new("bias", "Bias", "0.000", "Median of the same, with the sign of the charge.", b => b.Bias),
        new("pullWidth", "Pull", "0.000", "Half of the 16-84 % span of (q/p - truth) over its error.", b => b.PullWidth),
    ];

    private static IReadOnlyList<MetricColumn<EndcapPairMetrics>> OfPairs { get; } =
    [
        new("pairs", "Pairs", "0", "Close pairs of opposite charge.", p => p.Pairs),
        Percent<EndcapPairMetrics>("measured", "Measured", "Pairs with a mass.", p => p.Measured),
        Percent<EndcapPairMetrics>("massWidth", "Mass", "Half of the 16-84 % span of mass over truth.", p =>
            p.MassWidth) with { IsShare = false },
        Percent<EndcapPairMetrics>("massBias", "Mass bias", "Median of mass over truth, less one.", p =>
            p.MassBias) with { IsShare = false },
        Percent<EndcapPairMetrics>("massTails", "Mass tails", "Masses off by more than a tenth.", p => p.MassTails),
        Percent<EndcapPairMetrics>("triggerEfficiency", "Trigger efficiency", "Events with two muons or more that are kept.",
            p => p.TriggerEfficiency),
        Percent<EndcapPairMetrics>("triggerRate", "Trigger rate", "Events with fewer muons that pass at that efficiency.",
            p => p.TriggerRate),
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
        Percent<EndcapMetrics>("massWidth", "Mass width", "Half of the 16-84 % span of a close pair's mass over truth.",
            m => m.Pairs.MassWidth) with { Short = "mass", Width = 7, IsShare = false },
        Percent<EndcapMetrics>("massTails", "Mass tails", "Masses of close pairs off by more than a tenth.", m => m.Pairs.MassTails)
            with { Short = "tails", Width = 7 },
        Percent<EndcapMetrics>("triggerRate", "Trigger rate", "Events with fewer than two muons that pass a trigger for two, at the cut "
            + "that keeps 95 % of the others.", m => m.Pairs.TriggerRate) with { Short = "trigger", Width = 8 },
    ];

    /// <summary>One line for each method: means over seeds with their errors, and the differences of methods, seed by seed.</summary>
    public static string PlainText(EndcapSampleResult sample) => string.Create(CultureInfo.InvariantCulture,
        $"{sample.Name}: {sample.Events.Count} events, {sample.Events.Muons.Length} muons; shares in per cent\n")
            + MetricTable.PlainText(Columns(sample), Rows(sample));

    /// <summary>The same as a block of a report.</summary>
    public static Table ReportTable(EndcapSampleResult sample) => MetricTable.Block(Columns(sample), Rows(sample),
        $"Sample {sample.Name}, all methods on the same events.");

    /// <summary>Muons found against momentum, the first seed of each method, with the binomial error of a share.</summary>
    public static Illustration Found(EndcapSampleResult sample) => new(
        new(new Panel(new("True momentum", "GeV") { Scale = AxisScale.Logarithmic }, new("Efficiency", "%"),
        [
            .. sample.Methods.Select((own, series) =>
            {
                EndcapBin[] bins = [.. own[0].ByMomentum.Where(bin => bin.Muons > 0)];
                return new Points([.. bins.Select(bin => Math.Sqrt(bin.Low * bin.High))], [.. bins.Select(bin => 100 * bin.Efficiency)])
                {
                    Label = own[0].Method,
                    Series = series,
                    Joined = true,
                    YErrorLow = [.. bins.Select(bin => 100 * Math.Sqrt(bin.Efficiency * (1 - bin.Efficiency) / bin.Muons))],
                };
            }),
        ]))
        { Description = "Muons found by each method against their momentum" }, $"Efficiency against momentum, sample {sample.Name}.");

    /// <summary>Whether the last method, end-to-end, finds more muons than each other one that finds them by itself. The variance of
    /// events is that of independent muons, which for the same muons is too large.</summary>
    public static Verdict Judged(IReadOnlyList<EndcapSampleResult> samples)
    {
        Claim[] claims = [.. samples.SelectMany(sample => sample.Methods.SkipLast(1).Where(own => own[0].Method != "truth").Select(other =>
        {
            EndcapMetrics[] last = sample.Methods[^1];
            double Variance(double share) => share * (1 - share) / Math.Max(1, sample.Events.Muons.Length);
            PairedDifference difference = PairedDifference.OverSeeds(
                [.. last.Select((m, i) => 100 * (m.Efficiency - other[i % other.Length].Efficiency))],
                1e4 * (Variance(last[0].Efficiency) + Variance(other[0].Efficiency)));
            return new Claim($"{sample.Name}: {last[0].Method} finds more muons than {other[0].Method}",
                string.Create(CultureInfo.InvariantCulture,
                    $"{difference.Value:+0.00;-0.00;0.00} [{difference.Low:+0.00;-0.00;0.00}, {difference.High:+0.00;-0.00;0.00}] points"),
                "95 % interval above 0", difference.Low > 0 ? VerdictOutcome.Holds : difference.High < 0 ? VerdictOutcome.Fails
                    : VerdictOutcome.Undecided);
        }))];
        int Count(VerdictOutcome outcome) => claims.Count(claim => claim.Outcome == outcome);
        return new(Verdict.Whole(claims.Select(claim => claim.Outcome)), $"Of {claims.Length} comparisons, end-to-end finds more "
            + $"muons in {Count(VerdictOutcome.Holds)} and fewer in {Count(VerdictOutcome.Fails)}; {Count(VerdictOutcome.Undecided)} are "
            + "not decided")
        { Claims = claims };
    }

    private static IReadOnlyList<MetricColumn<Row>> Columns(EndcapSampleResult sample)
    {
        bool errors = sample.Methods.Any(m => m.Length > 1);
        return [.. All.Select(c => new MetricColumn<Row>(c.Name, c.Header, c.Format, c.Meaning, row => row.Value(c))
        {
            Unit = c.Unit,
            Scale = c.Scale,
            Short = c.Short,
            Width = c.Width < 0 ? c.Width : errors ? Math.Max(c.Width, 16) : c.Width,
        })];
    }

    private static List<Row> Rows(EndcapSampleResult sample)
    {
        List<Row> rows = [.. sample.Methods.Select(own =>
            new Row(c => c.Name == _method.Name ? own[0].Method : Mean(own.Select(m => c.Of(m).Value))))];
        EndcapMetrics[][] trained = [.. sample.Methods.Where(m => m.Length > 1)];
        EndcapMetrics[]? last = trained.LastOrDefault(), classical = sample.Methods.FirstOrDefault(
            m => m[0].Method == EndcapReconstructor.Classical);
        foreach (EndcapMetrics[] other in trained.SkipLast(1).Concat(last is null || classical is null ? [] : [classical]))
        {
            rows.Add(new(c => c.Name == _method.Name ? $"{last![0].Method} - {other[0].Method}"
                : Mean(last!.Select((m, i) => c.Of(m).Value - c.Of(other[i % other.Length]).Value))));
        }

        return rows;
    }

    // With the error of the mean, where there are several.
    private static Metric Mean(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double mean = all.Average();
        return all.Length == 1 ? mean
            : new Metric(mean, Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1) / all.Length));
    }

    /// <summary>The "endcap" section of summary.json; a method with several seeds states the first, and the rest below "seeds".</summary>
    public static JsonObject Json(params IReadOnlyList<EndcapSampleResult> samples)
    {
        JsonObject all = [];
        foreach (EndcapSampleResult sample in samples)
        {
            JsonObject methods = [];
            foreach (EndcapMetrics[] seeds in sample.Methods)
            {
                JsonObject own = Json(seeds[0]);
                if (seeds.Length > 1)
                {
                    own["seeds"] = new JsonArray([.. seeds.Skip(1).Select(Json)]);
                }

                methods[seeds[0].Method] = own;
            }

            all[sample.Name] = new JsonObject { ["methods"] = methods };
        }

        return new() { ["samples"] = all };
    }

    private static JsonObject Json(EndcapMetrics method)
    {
        JsonObject own = MetricTable.Json(OfMethod, method);
        own["byMuons"] = new JsonArray([.. method.ByMuons.Select(count => MetricTable.Json(OfCount, count))]);
        own["closePairs"] = MetricTable.Json([.. OfCount.Where(c => c.Name is "efficiency" or "allFound")], method.ClosePairs);
        own["pairs"] = MetricTable.Json(OfPairs, method.Pairs);
        own["pulls"] = new JsonObject(EndcapTrackFile.Parameters.Select(
            (name, k) => KeyValuePair.Create<string, JsonNode?>(name, MetricTable.Number(method.Pulls[k]))));
        own["byMomentum"] = new JsonArray([.. method.ByMomentum.Select(bin => MetricTable.Json(OfBin, bin))]);
        own["byAngle"] = new JsonArray([.. method.ByAngle.Select(bin => MetricTable.Json(OfBin, bin))]);
        return own;
    }

    // A method, or the difference of two.
    private sealed record Row(Func<MetricColumn<EndcapMetrics>, Metric> Value);

    private static MetricColumn<TRow> Percent<TRow>(string name, string header, string meaning, Func<TRow, Metric> value) =>
        new(name, header, "0.00", meaning, value) { Unit = "%", Scale = 100, IsShare = true, Width = 10 };
}
