namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The figures of a comparison; for a network method the first seed stands in them.</summary>
internal static class MuonFigures
{
    private const int RocPoints = 400;
    private const int ResidualBins = 60;
    private const double ResidualRange = 6;

    /// <summary>ROC curves of the hits: background rejected against muon hits kept.</summary>
    public static Illustration Roc(MuonSampleResult sample)
    {
        List<Mark> marks = [];
        foreach (MuonMethodResult result in Drawn(sample).Where(r => r.Roc is not null))
        {
            // Curves have a point for each distinct score: thinned by true positive rate, they look the same.
            List<double> x = [];
            List<double> y = [];
            double next = 0;
            for (int i = 0; i < result.Roc!.TruePositiveRate.Length; i++)
            {
                if (result.Roc.TruePositiveRate[i] >= next)
                {
                    x.Add(result.Roc.TruePositiveRate[i]);
                    y.Add(result.Roc.FalsePositiveRate[i]);
                    next = result.Roc.TruePositiveRate[i] + (1.0 / RocPoints);
                }
            }

            marks.Add(new Curve(x, y) { Label = result.Method.Name, Series = Series(result.Method) });
        }

        return Drawn(new("Muon hits kept") { Low = 0.8, High = 1 },
            new("Other hits kept") { Scale = AxisScale.Logarithmic, Low = 1e-4, High = 1 }, marks, $"ROC of the hits of {sample.Name}",
            "Receiver operating characteristic of the hits; lower is better.");
    }

    /// <summary>Residuals of q/pT in limits.</summary>
    public static Illustration Residuals(MuonComparison comparison, MuonSampleResult sample)
    {
        double[] edges = [.. Enumerable.Range(0, ResidualBins + 1).Select(i => (2 * ResidualRange * i / ResidualBins) - ResidualRange)];
        List<Mark> marks = [];
        foreach (MuonMethodResult result in Drawn(sample))
        {
            TrackOutcome[] outcomes = result.Tracks.Outcomes(sample.Events);
            double[] contents = new double[ResidualBins];
            foreach (TrackOutcome outcome in outcomes)
            {
                double x = outcome.Residual / comparison.Chain.Limit.Relative(outcome.TruePt);
                int bin = (int)Math.Floor((x + ResidualRange) / (2 * ResidualRange) * ResidualBins);
                if (double.IsFinite(x) && bin >= 0 && bin < ResidualBins)
                {
                    contents[bin] += 1.0 / outcomes.Length;
                }
            }

            marks.Add(new Histogram(edges, contents) { Label = result.Method.Name, Series = Series(result.Method) });
        }

        return Drawn(new("r / limit(pT)"), new("Fraction of events") { Scale = AxisScale.Logarithmic, Low = 1e-4 }, marks,
            $"Residuals of {sample.Name}",
            "Residuals of q/pT in units of the limit at the true pT; events outside and failed fits are not drawn but count in the table.");
    }

    /// <summary>Core width of r against pT beside the limit.</summary>
    public static Illustration Resolution(MuonSampleResult sample)
    {
        IReadOnlyList<MuonMethodResult> results = [.. Drawn(sample)];
        IReadOnlyList<ResolutionBin> bins = results[0].Resolution.Binned;

        // Bars: the standard error of a Gaussian's width; the core's own is 10 to 20 % larger.
        Mark[] marks =
        [
            new Curve([.. bins.Select(Centre)], [.. bins.Select(b => 100 * b.Limit)]) { Label = "limit", Series = Palette.Neutral,
                Style = LineStyle.Dashed },
            .. results.Select(result => Joined(result.Method, result.Resolution.Binned, Centre, b => 100 * b.CoreWidth,
                b => 100 * b.CoreWidth / Math.Sqrt(2.0 * Math.Max(b.Attempted, 1)))),
        ];
        return Drawn(new("True pT", "GeV") { Scale = AxisScale.Logarithmic },
            new("Core width of r", "%") { Scale = AxisScale.Logarithmic }, marks, $"Resolution of {sample.Name}",
            "Core width of r in bins of true pT, with the Cramer-Rao bound of 0.1 mm planes (measured strips may be better than that).");
    }

    private static double Centre(ResolutionBin bin) => Math.Sqrt(bin.PtLow * bin.PtHigh);

    // The first seed of each method that has a colour of its own.
    private static IEnumerable<MuonMethodResult> Drawn(MuonSampleResult sample) =>
        sample.MethodsInOrder.Where(method => Series(method) >= 0).Select(method => sample.Of(method)[0]);

    /// <summary>All figures of the scan of one source ("simulation" or "geant4"); none for a single flux.</summary>
    public static IReadOnlyList<(string Name, Illustration Illustration)> Scan(MuonComparison comparison, string source)
    {
        MuonSampleResult[] samples = [.. comparison.Samples.Where(s => s.InScan && s.Events.Source == source).OrderBy(s => s.Background)];
        if (samples.Length < 2)
        {
            return [];
        }

        string hits = source == "geant4" ? "Geant4 hits" : "simulated hits";
        List<(string, Illustration)> figures =
        [
            ($"core-{source}", Beside(Against(samples, "Core width of r / limit", r => r.CoreWidth, CoreError),
                Against(samples, "Efficiency", r => r.Efficiency, (r, n) => Binomial(r.Efficiency, n)), 260,
                $"Core width and efficiency against flux, {hits}",
                $"Core width and efficiency against background flux, {hits}. Bars: standard errors over events and, for networks, seeds.")),
            ($"tails-{source}", Beside(Against(samples, "Fraction beyond 5 limits", r => r.Tail5, (r, n) => Binomial(r.Tail5, n)),
                Against(samples, "95 % RMS of r / limit", r => r.Rms95, (r, n) => r.Rms95 / Math.Sqrt(2.0 * n)), 260,
                $"Tails against flux, {hits}", $"Tails against background flux, {hits}.")),
        ];
        MuonSampleResult[] paired = [.. samples.Where(s => s.IsPaired)];
        if (paired.Length > 1)
        {
            figures.Add(($"differences-{source}", Beside(Difference(paired, "Core width", comparison.CoreWidthDifference),
                Difference(paired, "AUC", comparison.AucDifference), 240, $"End-to-end minus factorised against flux, {hits}",
                $"End-to-end minus factorised against background flux, {hits}, with 95 % intervals.")));
        }

        return figures;
    }

    private static Panel Against(MuonSampleResult[] samples, string label, Func<ResolutionSummary, double> value,
        Func<ResolutionSummary, int, double> error)
    {
        return new(new("Background", "kHz/cm^{2}"), new(label), [.. samples[0].MethodsInOrder.Where(m => Series(m) >= 0).Select(
            method => Joined(method, [.. samples.Where(s => s.Of(method).Count > 0)], s => s.Background,
                s => s.Of(method).Average(r => value(r.Resolution)), s => Error(s.Of(method))))]);

        double Error(IReadOnlyList<MuonMethodResult> seeds)
        {
            double[] values = [.. seeds.Select(s => value(s.Resolution))];
            double mean = values.Average();
            double ofSeeds = values.Length > 1 ? values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length : 0;
            double ofEvents = error(seeds[0].Resolution, seeds[0].Resolution.Attempted);
            return Math.Sqrt(ofSeeds + (ofEvents * ofEvents));
        }
    }

    // Points of one method, joined, with symmetric error bars where there are errors.
    private static Points Joined<T>(MuonMethod method, IReadOnlyList<T> places, Func<T, double> x, Func<T, double> y,
        Func<T, double>? error = null) => new([.. places.Select(x)], [.. places.Select(y)])
        {
            Label = method.Name,
            Series = Series(method),
            Joined = true,
            YErrorLow = error is null ? [] : [.. places.Select(error)],
        };

    private static Illustration Drawn(Axis x, Axis y, IReadOnlyList<Mark> marks, string description, string caption) =>
        new(new(new Panel(x, y, marks)) { Description = description }, caption);

    private static Illustration Beside(Panel left, Panel right, double height, string description, string caption) =>
        new(new([left, right]) { Columns = 2, Width = 900, PanelHeight = height, Description = description }, caption);

    private static Panel Difference(MuonSampleResult[] samples, string label, Func<MuonSampleResult, PairedDifference> difference)
    {
        PairedDifference[] values = [.. samples.Select(difference)];
        return new(new("Background", "kHz/cm^{2}"), new("Difference in " + label),
        [
            new Rule(0),
            new Points([.. samples.Select(s => s.Background)], [.. values.Select(v => v.Value)])
            {
                Series = Series(MuonMethod.EndToEnd),
                YErrorLow = [.. values.Select(v => v.Value - v.Low)],
                YErrorHigh = [.. values.Select(v => v.High - v.Value)],
            },
        ])
        { ShowLegend = false };
    }

    // The standard error of a quantile span of a Gaussian is 1.2 times that of its standard deviation.
    private static double CoreError(ResolutionSummary summary, int events) => 1.2 * summary.CoreWidth / Math.Sqrt(2.0 * events);

    private static double Binomial(double fraction, int events) => Math.Sqrt(Math.Max(0, fraction * (1 - fraction)) / events);

    /// <summary>The turn-on curve of a trigger, by the index of its threshold, at one flux.</summary>
    public static Illustration TurnOn(MuonRates rates, int threshold)
    {
        string name = string.Create(CultureInfo.InvariantCulture,
            $"{MuonRates.Thresholds[threshold]} GeV at {rates.Background:0.##} kHz/cm^{{2}}");
        return Drawn(new("True pT", "GeV") { Scale = AxisScale.Logarithmic }, new("Share of muons accepted") { Low = 0, High = 1.05 },
            [.. Reconstructed(rates).Select(row => Joined(row.Method, [.. row.TurnOn(threshold).Where(b => b.Attempted > 0)],
                b => Math.Sqrt(b.PtLow * b.PtHigh), b => b.Efficiency, b => Math.Sqrt(b.Efficiency * (1 - b.Efficiency) / b.Attempted)))],
            $"Turn-on curve at {name}", $"Turn-on of a trigger on the fitted pT at {name}, simulated hits.");
    }

    /// <summary>Accepted tracks in events without a muon against flux.</summary>
    public static Illustration FakeScan(IReadOnlyList<MuonRates> rates)
    {
        string caption = string.Create(CultureInfo.InvariantCulture,
            $"Rate of accepted tracks in events without a muon against flux, every method keeping {100 * MuonRates.EqualEfficiency:0} % "
            + $"of muons");
        return Drawn(new("Background", "kHz/cm^{2}"), new("Accepted tracks", "kHz") { IncludeZero = true },
            [.. Reconstructed(rates[0]).Select(row => Joined(row.Method, rates, r => r.Background,
                r => r.Of(row.Method).Average(m => m.FakeRate)))], caption, caption + ".");
    }

    /// <summary>The colour of a method, the same in all figures, of which there are eight; the other methods stand in the tables
    /// alone.</summary>
    internal static int Series(MuonMethod method) => (method.Kind, method.Cleaning, method.WithoutStage) switch
    {
        (MuonMethodKind.Truth, _, false) => 0,
        (MuonMethodKind.EndToEnd, HitCleaning.None, false) => 1,
        (MuonMethodKind.Factorised, HitCleaning.None, false) => 2,
        (MuonMethodKind.Classical, _, false) => 3,
        (MuonMethodKind.Local, HitCleaning.None, false) => 4,
        (MuonMethodKind.Truth, _, true) => 5,
        (MuonMethodKind.EndToEnd, HitCleaning.None, true) => 6,
        (MuonMethodKind.EndToEnd, HitCleaning.TrackSearch, false) => 7,
        _ => Palette.Neutral,
    };

    // Labels and roads accept nothing by themselves.
    private static IEnumerable<MuonRatesRow> Reconstructed(MuonRates rates) =>
        MuonRatesRow.Of(rates).Where(row => row.Method != MuonMethod.Truth && Series(row.Method) >= 0);
}
