namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The report's section on triggers, events without a muon, and how methods change with the flux.</summary>
internal static class MuonRatesReport
{
    /// <summary>Tables and figures; nothing where no rates were counted.</summary>
    public static IEnumerable<Block> Of(MuonComparison comparison)
    {
        if (comparison.Rates.Count > 0)
        {
            yield return new Heading("Triggers and events without a muon");
            foreach (MuonRates rates in comparison.Rates)
            {
                yield return Table(rates);
            }

            MuonRates last = comparison.Rates[^1];
            for (int t = 0; t < MuonRates.Thresholds.Count; t++)
            {
                yield return TurnOn(last, t);
            }
        }

        if (comparison.Samples.Select(s => s.Background).Distinct().Count() > 1)
        {
            yield return new Heading("Against the background flux");
            foreach (string source in comparison.Samples.Select(s => s.Events.Source).Distinct(StringComparer.Ordinal))
            {
                MuonSampleResult[] samples = [.. comparison.Samples.Where(s => s.Events.Source == source).GroupBy(s => s.Background)
                    .Select(g => g.First()).OrderBy(s => s.Background)];
                string hits = source == "geant4" ? "Geant4" : "simulated";
                yield return Scan(samples, m => m.Resolution.CoreWidth, "Core width of r / limit",
                    $"Core width against flux on {hits} hits");
                yield return Scan(samples, m => m.Resolution.Efficiency, "Efficiency",
                    $"Efficiency (converged and within 5 limits) against flux on {hits} hits");
            }
        }

        if (comparison.Rates.Count > 1)
        {
            yield return FakeScan(comparison.Rates);
        }
    }

    private static Table Table(MuonRates rates)
    {
        List<IReadOnlyList<Cell>> rows = [];
        foreach (string method in Names(rates))
        {
            IReadOnlyList<MuonMethodRates> seeds = rates.Of(method);
            List<Cell> row =
            [
                new TextCell(method),
                new NumberCell(seeds.Average(s => s.Acceptance.Efficiency)),
                new NumberCell(seeds.Average(s => s.FakeShare)),
                new NumberCell(seeds.Average(s => s.FakeRate)),
            ];
            for (int t = 0; t < MuonRates.Thresholds.Count; t++)
            {
                row.Add(new NumberCell(100 * seeds.Average(s => s.Spectrum[t].Accepted)));
                row.Add(new NumberCell(100 * seeds.Average(s => s.Spectrum[t].FromBelowThreshold)));
                row.Add(new NumberCell(100 * seeds.Average(s => s.Spectrum[t].FromBelowFive)));
            }

            rows.Add(row);
        }

        List<TableColumn> columns = ["Method", new("Muons kept") { Decimals = 4 }, new("Fakes", "per event") { Decimals = 5 },
            new("Fakes", "kHz") { Decimals = 2 }];
        foreach (double threshold in MuonRates.Thresholds)
        {
            columns.Add(new(string.Create(CultureInfo.InvariantCulture, $"Above {threshold} GeV"), "%") { Decimals = 4 });
            columns.Add(new("of it below", "%") { Decimals = 4 });
            columns.Add(new("below 5 GeV", "%") { Decimals = 4 });
        }

        string ideal = string.Join(", ", rates.Methods.Take(1).SelectMany(m => m.Spectrum)
            .Select(s => string.Create(CultureInfo.InvariantCulture, $"{100 * s.Ideal:0.0000} % above {s.Threshold} GeV")));
        return new(columns, rows)
        {
            Caption = string.Create(CultureInfo.InvariantCulture,
                $"{rates.Background:0.##} kHz/cm^{{2}}. Fakes: accepted tracks of at least {MuonRates.LowestPt} GeV in "
                + $"{rates.WithoutMuon} events without a muon, the cut on the scaled error of each method keeping the same share of "
                + $"muons. Triggers: accepted shares of a spectrum falling as pT^{{-{MuonRates.Spectrum.Exponent}}} from "
                + $"{MuonRates.SpectrumLow} to {MuonRates.SpectrumHigh} GeV (our choice), and what of it has a true pT below the "
                + $"threshold and below 5 GeV; a trigger on the true pT accepts {ideal}."),
        };
    }

    private static Illustration TurnOn(MuonRates rates, int threshold)
    {
        List<Mark> marks = [];
        foreach (string method in Names(rates))
        {
            IReadOnlyList<TurnOnBin> bins = [.. MuonRatesSummary.Merged(rates.Of(method), threshold).Where(b => b.Attempted > 0)];
            marks.Add(new Points([.. bins.Select(b => Math.Sqrt(b.PtLow * b.PtHigh))], [.. bins.Select(b => b.Efficiency)])
            {
                Label = method,
                Series = MuonFigures.Series(method),
                Joined = true,
                YErrorLow = [.. bins.Select(b => Math.Sqrt(b.Efficiency * (1 - b.Efficiency) / b.Attempted))],
            });
        }

        string name = string.Create(CultureInfo.InvariantCulture,
            $"{MuonRates.Thresholds[threshold]} GeV at {rates.Background:0.##} kHz/cm^{{2}}");
        Panel panel = new(new("True pT", "GeV") { Scale = AxisScale.Logarithmic }, new("Share of muons accepted") { Low = 0, High = 1.05 },
            marks);
        return new(new(panel) { Description = $"Turn-on curve at {name}" },
            $"Turn-on of a trigger on the fitted pT at {name}, simulated hits.");
    }

    private static Illustration Scan(MuonSampleResult[] samples, Func<MuonMethodResult, double> value, string label, string caption)
    {
        List<Mark> marks = [];
        foreach (string method in samples[0].MethodNames.Where(name => name != "road"))
        {
            marks.Add(new Points([.. samples.Select(s => s.Background)], [.. samples.Select(s => s.Of(method).Average(value))])
            {
                Label = method,
                Series = MuonFigures.Series(method),
                Joined = true,
            });
        }

        return new(new(new Panel(new("Background", "kHz/cm^{2}"), new(label), marks)) { Description = caption },
            caption + ", seeds averaged.");
    }

    private static Illustration FakeScan(IReadOnlyList<MuonRates> rates)
    {
        List<Mark> marks = [];
        foreach (string method in Names(rates[0]))
        {
            marks.Add(new Points([.. rates.Select(r => r.Background)], [.. rates.Select(r => r.Of(method).Average(m => m.FakeRate))])
            {
                Label = method,
                Series = MuonFigures.Series(method),
                Joined = true,
            });
        }

        string caption = string.Create(CultureInfo.InvariantCulture,
            $"Rate of accepted tracks in events without a muon against flux, every method keeping {100 * MuonRates.EqualEfficiency:0} % "
            + $"of muons");
        return new(new(new Panel(new("Background", "kHz/cm^{2}"), new("Accepted tracks", "kHz") { IncludeZero = true },
            marks))
        { Description = caption }, caption + ".");
    }

    private static IEnumerable<string> Names(MuonRates rates) =>
        rates.Methods.Select(m => m.Method).Where(name => name is not ("road" or "truth")).Distinct(StringComparer.Ordinal);
}
