namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>Every quantity that is reported of a method, stated once for all tables and for JSON.</summary>
internal static class MuonMetrics
{
    public static MetricColumn<MuonMethodRow> Method { get; } =
        new("method", "Method", "", "How the weights of hits are found.", row => row.Method.Name) { Width = -12, Short = "method" };

    public static MetricColumn<MuonMethodRow> MethodAndSeed { get; } = Method with
    {
        Value = row => row.Seeds is [{ Seed: > 0 } one]
            ? string.Create(CultureInfo.InvariantCulture, $"{row.Method}, seed {one.Seed}") : row.Method.Name,
    };

    public static IReadOnlyList<MetricColumn<MuonMethodRow>> OfMethod { get; } =
    [
        new("reading", "Reading", "", "How the network's logits become weights.",
            row => string.Join('/', row.Seeds.Select(s => s.Reading).Distinct(StringComparer.Ordinal))) { Width = -10, Short = "reading" },
        Share("auc", "AUC", "AUC", "0.0000", "Area under the ROC curve of the hits.", s => s.Auc),
        Share("averagePrecision", "Average precision", "AP", "0.0000", "Average precision of the hits.", s => s.AveragePrecision),
        Share("efficiency", "Efficiency", "effic.", "0.0000", "Share of muons whose fit converged within 5 limits.",
            s => s.Resolution.Efficiency),
        Mean("coreWidth", "Core width", "core", "0.000", "Half of the span from the 16 % to the 84 % quantile of r / limit.",
            s => s.Resolution.CoreWidth) with { Unit = "limits" },
        Mean("rms95", "95 % RMS", "rms95", "0.000", "RMS of the central 95 % of r / limit.", s =>
            s.Resolution.Rms95) with { Unit = "limits" },
        Share("tail3", "Beyond 3", ">3", "0.0000", "Fraction of events further than 3 limits from the truth.", s => s.Resolution.Tail3),
        Share("tail5", "Beyond 5", ">5", "0.0000", "Fraction of events further than 5 limits from the truth.", s => s.Resolution.Tail5),
        Mean("bias", "Bias", "bias", MuonClaim.Signed, "Median of r / limit.", s => s.Resolution.Bias) with { Unit = "limits" },
        Mean("pullWidth", "Pull", "pull", "0.00", "Core width of the pulls; 1 where stated errors are right.",
            s => s.Resolution.PullWidth) with { Width = 6 },
        Mean("statedWidth", "Stated", "stated", "0.000", "Core that stated errors promise; of truth the bound of the planes as they are.",
            s => s.Resolution.StatedWidth) with { Unit = "limits" },
        Share("chargeMisidentification", "Wrong charge", "charge", "0.0000", "Fraction of converged fits with the wrong charge.",
            s => s.Resolution.ChargeMisidentification),
        Share("hitEfficiency", "Hits kept", "hits", "0.0000", "Share of true hits that the reading keeps.", s => s.HitEfficiency),
        Share("hitPurity", "Hit purity", "purity", "0.0000", "Share of the kept weight that is of true hits.", s => s.HitPurity),
        new("failedFits", "Failed fits", "0.#", "Fits without an answer, of all attempted ones.",
            row => new Metric(row.Mean(s => s.Resolution.FailedFits)) { OutOf = row.Mean(s => s.Resolution.Attempted) })
        { Width = 11, Short = "failed", OutOf = "attempted" },
    ];

    /// <summary>The metrics of a method as seen on muons of one bin of true pT, a bin for each seed.</summary>
    public static IReadOnlyList<MetricColumn<IReadOnlyList<ResolutionBin>>> OfBin { get; } =
    [
        new("ptLow", "From", "0.##", "Lower border of the true pT.", seeds => seeds[0].PtLow) { Unit = "GeV" },
        new("ptHigh", "To", "0.##", "Upper border of the true pT.", seeds => seeds[0].PtHigh) { Unit = "GeV" },
        new("attempted", "Events", "0", "Events with a muon of this pT.", seeds => seeds[0].Attempted),
        new("coreWidth", "Core width", "0.00000", "Core width of r.", seeds => seeds.Average(b => b.CoreWidth)),
        new("bias", "Bias", MuonClaim.SignedFine, "Median of r.", seeds => seeds.Average(b => b.Bias)),
        new("rms95", "95 % RMS", "0.00000", "RMS of the central 95 % of r.", seeds => seeds.Average(b => b.Rms95)),
        new("limit", "Limit", "0.00000", "Mean of the limit at the true pT.", seeds => seeds[0].Limit),
        new("pullWidth", "Pull", "0.00", "Core width of the pulls.", seeds => seeds.Average(b => b.PullWidth)),
        new("coverage68", "Coverage 68 %", "0.000", "Share of fits whose error covers the truth at 68 %.",
            seeds => seeds.Average(b => b.Coverage68)),
        new("coverage95", "Coverage 95 %", "0.000", "Share of fits whose error covers the truth at 95 %.",
            seeds => seeds.Average(b => b.Coverage95)),
    ];

    /// <summary>The muons found among many.</summary>
    public static IReadOnlyList<MetricColumn<MuonFoundRow>> OfFound { get; } =
    [
        new("sample", "Sample", "", "The sample whose muons are counted.", row => row.Counted.Name) { Width = -16 },
        new("events", "Events", "0", "Events, all with a muon.", row => row.Counted.Attempted) { Width = 9 },
        new("method", "Method", "", "How the weights of hits are found.", row => row.Method.Name) { Width = -28 },
        new("share", "Found", "0.00000", "Share of the muons whose fit converged within 5 limits.", row => row.Seeds.Average(s => s.Share))
        { IsShare = true },
        new("minusClassical", "Minus classical", MuonClaim.SignedFine, "Its difference to the classical method, with its 95 % interval.",
            row => Of(row.Counted.Difference(row.Method, MuonMethod.Classical))) { Width = 32 },
    ];

    /// <summary>Everything accepted at one flux, a row for each method.</summary>
    public static IReadOnlyList<MetricColumn<MuonRatesRow>> OfFlux =>
    [
        new("method", "Method", "", "How the weights of hits are found.", row => row.Method.Name) { Width = -12, Short = "method" },
        .. OfRates, .. Enumerable.Range(0, MuonRates.Thresholds.Count).SelectMany(OfTrigger),
    ];

    /// <summary>Tracks accepted where there is no muon.</summary>
    public static IReadOnlyList<MetricColumn<MuonRatesRow>> OfRates { get; } =
    [
        new("efficiency", "Muons kept", "0.0000", "Share of muons whose track is accepted.", row => row.Mean(s => s.Acceptance.Efficiency))
        { Short = "kept", IsShare = true },
        new("efficiencyAtFixedFakes", "Muons kept at 1 % fakes", "0.0000",
            "Share of muons that are kept where a track is accepted in 1 % of events without one.",
            row => row.Mean(s => s.EfficiencyAtFixedFakes)) { Short = "at 1 %", Width = 8, IsShare = true },
        new("fakeShare", "Fakes per event", "0.00000", "Share of events without a muon in which a track is accepted.",
            row => row.Mean(s => s.FakeShare)) { Short = "fakes", Width = 8, IsShare = true },
        new("fakeRateKHz", "Fakes", "0.00", "The same as a rate.", row =>
            row.Mean(s => s.FakeRate)) { Short = "kHz", Unit = "kHz", Width = 8 },
    ];

    /// <summary>What a trigger of one threshold, by its index, accepts of the falling spectrum.</summary>
    public static IReadOnlyList<MetricColumn<MuonRatesRow>> OfTrigger(int threshold)
    {
        string above = string.Create(CultureInfo.InvariantCulture, $"above {MuonRates.Thresholds[threshold]} GeV");
        return
        [
            Share("accepted", "Accepted " + above, above, 13, "Share of the spectrum that a trigger " + above + " accepts.", s =>
                s.Accepted),
            Share("fromBelowThreshold", "of it below the threshold", "of it below", 11,
                "Share of the spectrum that is accepted and has a true pT below the threshold.", s => s.FromBelowThreshold),
            Share("fromBelow5", "below 5 GeV", "below 5 GeV", 11,
                "Share of the spectrum that is accepted and has a true pT below 5 GeV.", s => s.FromBelowFive),
        ];

        MetricColumn<MuonRatesRow> Share(string name, string header, string brief, int width, string meaning,
            Func<SpectrumShares, double> value) =>
            new(name, header, "0.0000", meaning, row => row.Mean(s => value(s.Spectrum[threshold])))
            { Short = brief, Unit = "%", Scale = 100, Width = width, IsShare = true };
    }

    /// <summary>One of the metrics of a method, by its key in JSON.</summary>
    public static MetricColumn<MuonMethodRow> Named(string name) => OfMethod.First(c => c.Name == name);

    public static Metric Of(PairedDifference difference) => new(difference.Value, difference.Low, difference.High);

    private static MetricColumn<MuonMethodRow> Mean(
        string name, string header, string brief, string format, string meaning, Func<MuonMethodResult, double> value) =>
        new(name, header, format, meaning, row => row.Mean(value)) { Short = brief };

    private static MetricColumn<MuonMethodRow> Share(
        string name, string header, string brief, string format, string meaning, Func<MuonMethodResult, double> value) =>
        Mean(name, header, brief, format, meaning, value) with { IsShare = true };
}

/// <summary>Accepted tracks of one method at one flux, as a row of tables; numbers are means over the seeds of its network.</summary>
internal sealed record MuonRatesRow(MuonMethod Method, IReadOnlyList<MuonMethodRates> Seeds)
{
    /// <summary>The rows of a flux, a row for each method.</summary>
    public static IEnumerable<MuonRatesRow> Of(MuonRates rates) =>
        rates.Methods.Select(m => m.Method).Distinct().Select(m => new MuonRatesRow(m, rates.Of(m)));

    public double Mean(Func<MuonMethodRates, double> value) => Seeds.Average(value);

    /// <summary>The turn-on curve of one threshold, summed over seeds.</summary>
    public IReadOnlyList<TurnOnBin> TurnOn(int threshold) =>
        [.. Seeds[0].TurnOn[threshold].Select((bin, b) => new TurnOnBin(bin.PtLow, bin.PtHigh,
            Seeds.Sum(s => s.TurnOn[threshold][b].Attempted), Seeds.Sum(s => s.TurnOn[threshold][b].Accepted)))];
}

/// <summary>The results of one method on one sample, as a row of tables; numbers are means over the seeds of its network.</summary>
internal sealed record MuonMethodRow(MuonMethod Method, IReadOnlyList<MuonMethodResult> Seeds)
{
    public static IEnumerable<MuonMethodRow> Of(MuonSampleResult sample) =>
        sample.MethodsInOrder.Select(m => new MuonMethodRow(m, sample.Of(m)));

    public double Mean(Func<MuonMethodResult, double> value) => Seeds.Average(value);
}

/// <summary>Muons that one method found among many, as a row of tables; a result for each seed of its network.</summary>
internal sealed record MuonFoundRow(MuonEfficiency Counted, MuonMethod Method, IReadOnlyList<MuonEfficiency.Found> Seeds);
