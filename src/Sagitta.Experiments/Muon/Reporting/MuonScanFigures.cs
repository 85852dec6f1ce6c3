namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The scan over background fluxes: each method's core, efficiency and tails, and the differences between the two
/// networks.</summary>
internal static class MuonScanFigures
{
    /// <summary>All figures of the scan of one source ("simulation" or "geant4"); none for a single flux.</summary>
    public static IReadOnlyList<(string Name, Illustration Illustration)> Of(MuonComparison comparison, string source)
    {
        MuonSampleResult[] samples = [.. comparison.Samples.Where(s => s.InScan && s.Events.Source == source).OrderBy(s => s.Background)];
        if (samples.Length < 2)
        {
            return [];
        }

        string hits = source == "geant4" ? "Geant4 hits" : "simulated hits";
        List<(string, Illustration)> figures =
        [
            ($"core-{source}", new(
                new([
                    Scan(samples, "Core width of r / limit", r => r.CoreWidth, CoreError),
                    Scan(samples, "Efficiency", r => r.Efficiency, (r, n) => Binomial(r.Efficiency, n)),
                ])
                { Columns = 2, Width = 900, PanelHeight = 260, Description = $"Core width and efficiency against flux, {hits}" },
                $"Core width and efficiency against background flux, {hits}. Bars: standard errors over events and, for networks, seeds.")),
            ($"tails-{source}", new(
                new([
                    Scan(samples, "Fraction beyond 5 limits", r => r.Tail5, (r, n) => Binomial(r.Tail5, n)),
                    Scan(samples, "95 % RMS of r / limit", r => r.Rms95, (r, n) => r.Rms95 / Math.Sqrt(2.0 * n)),
                ])
                { Columns = 2, Width = 900, PanelHeight = 260, Description = $"Tails against flux, {hits}" },
                $"Tails against background flux, {hits}.")),
        ];
        MuonSampleResult[] paired = [.. samples.Where(s => s.IsPaired)];
        if (paired.Length > 1)
        {
            figures.Add(($"differences-{source}", new(
                new([
                    Difference(paired, "Core width", s => comparison.CoreWidthDifference(s)),
                    Difference(paired, "AUC", s => comparison.AucDifference(s)),
                ])
                { Columns = 2, Width = 900, PanelHeight = 240, Description = $"End-to-end minus factorised against flux, {hits}" },
                $"End-to-end minus factorised against background flux, {hits}, with 95 % intervals.")));
        }

        return figures;
    }

    private static Panel Scan(MuonSampleResult[] samples, string label, Func<ResolutionSummary, double> value,
        Func<ResolutionSummary, int, double> error)
    {
        List<Mark> marks = [];
        foreach (string method in samples[0].MethodNames.Where(m => m != "road"))
        {
            IReadOnlyList<MuonMethodResult>[] results = [.. samples.Select(s => s.Of(method)).Where(r => r.Count > 0)];
            double[] errors = [.. results.Select(seeds =>
            {
                double[] values = [.. seeds.Select(s => value(s.Resolution))];
                double mean = values.Average();
                double ofSeeds = values.Length > 1 ? values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length : 0;
                double ofEvents = error(seeds[0].Resolution, seeds[0].Resolution.Attempted);
                return Math.Sqrt(ofSeeds + (ofEvents * ofEvents));
            })];
            marks.Add(new Points([.. samples.Select(s => s.Background)],
                [.. results.Select(seeds => seeds.Average(s => value(s.Resolution)))])
            {
                Label = method,
                Series = MuonFigures.Series(method),
                Joined = true,
                YErrorLow = errors,
            });
        }

        return new(new("Background", "kHz/cm^{2}"), new(label), marks);
    }

    private static Panel Difference(MuonSampleResult[] samples, string label, Func<MuonSampleResult, PairedDifference> difference)
    {
        PairedDifference[] values = [.. samples.Select(difference)];
        return new(new("Background", "kHz/cm^{2}"), new("Difference in " + label),
        [
            new Rule(0),
            new Points([.. samples.Select(s => s.Background)], [.. values.Select(v => v.Value)])
            {
                Series = MuonFigures.Series("end-to-end"),
                YErrorLow = [.. values.Select(v => v.Value - v.Low)],
                YErrorHigh = [.. values.Select(v => v.High - v.Value)],
            },
        ])
        { Legend = LegendPlacement.None };
    }

    // The standard error of a quantile span of a Gaussian is 1.2 times that of its standard deviation.
    private static double CoreError(ResolutionSummary summary, int events) => 1.2 * summary.CoreWidth / Math.Sqrt(2.0 * events);

    private static double Binomial(double fraction, int events) => Math.Sqrt(Math.Max(0, fraction * (1 - fraction)) / events);
}
