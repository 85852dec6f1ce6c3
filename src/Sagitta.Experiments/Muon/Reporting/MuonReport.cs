namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The comparison as one self-contained page: verdict, tables, ROC, residuals, resolution and one event.</summary>
internal static class MuonReport
{
    /// <summary>Writes the page.</summary>
    public static void Write(MuonComparison comparison, IReadOnlyList<MuonStudyResult> studies, MuonReproductionRequest request,
        string path)
    {
        List<Block> blocks = [MuonVerdict.Of(comparison), new Heading("Setup"), .. Setup(comparison, request)];
        foreach (string source in comparison.Samples.Select(s => s.Events.Source).Distinct(StringComparer.Ordinal))
        {
            IReadOnlyList<(string Name, Illustration Illustration)> scan = MuonScanFigures.Of(comparison, source);
            if (scan.Count > 0)
            {
                blocks.Add(new Heading(source == "geant4" ? "Scan over background, Geant4 hits" : "Scan over background, simulated hits"));
                blocks.AddRange(scan.Select(f => f.Illustration));
            }
        }

        foreach (MuonSampleResult sample in comparison.Samples)
        {
            blocks.Add(new Heading(Title(sample)));
            blocks.Add(Table(sample));
            blocks.Add(MuonFigures.Roc(sample));
            blocks.Add(MuonFigures.Residuals(comparison, sample));
            blocks.Add(MuonFigures.Resolution(sample));
        }

        if (comparison.Efficiencies.Count > 0)
        {
            blocks.Add(new Heading("Muons found"));
            blocks.Add(Found(comparison.Efficiencies));
        }

        blocks.AddRange(MuonRatesReport.Of(comparison));
        blocks.AddRange(Events(comparison));
        if (studies.Count > 0)
        {
            blocks.Add(new Heading("Studies"));
            blocks.AddRange(studies.Select(Study));
        }

        ReportWriter.WriteFile(path, new("Muon: end-to-end against factorised", blocks)
        {
            Subtitle = $"Detector {comparison.Chain.Detector.Name}; all values are of this run, none is from the published paper",
            Facts = [("Command", request.Command), ("Seeds",
                string.Join(", ", comparison.Models.Select(m => m.Experiment.Seed).Distinct()))],
        });
    }

    private static Table Found(IReadOnlyList<MuonEfficiency> efficiencies) => new(
        [
            new("Sample"), new("Events") { Decimals = 0 }, new("Method"), new("Found") { Decimals = 5 }, new(
                "Minus classical") { Decimals = 5 }, new("From") { Decimals = 5 }, new("To") { Decimals = 5 },
        ],
        [.. from counted in efficiencies
            from method in counted.Methods.Select(m => m.Method).Distinct(StringComparer.Ordinal)
            let difference = counted.Difference(method, "classical")
            select (IReadOnlyList<Cell>)[new TextCell(counted.Name), new NumberCell(counted.Attempted), new TextCell(method),
                new NumberCell(counted.Of(method).Average(m => m.Share)), new NumberCell(difference.Value), new NumberCell(
                difference.Low), new NumberCell(difference.High)]])
    {
        Caption =
            "Fits within 5 limits among muons of samples of their own, means over seeds; a Geant4 muon is digitised several times, in "
            + "other background. 95 % intervals as for all differences, of independent muons.",
    };

    private static string Title(MuonSampleResult sample) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(sample.Events.Source == "geant4" ? "Geant4" : "Simulated")} hits at {sample.Background:0.##} "
            + $"kHz/cm^{{2}}{(sample.InScan ? "" : $" ({sample.Name})")}");

    // The lowest flux from 5 on shows an ordinary event, the highest what background does.
    private static IEnumerable<Block> Events(MuonComparison comparison)
    {
        MuonSampleResult[] scan = [.. comparison.Samples.Where(s => s.InScan).OrderBy(s => s.Background)];
        MuonSampleResult[] shown = [.. new[] { scan.FirstOrDefault(s => s.Background >= 5), scan.LastOrDefault() }.OfType<MuonSampleResult>(
            ).Distinct()];
        foreach (MuonSampleResult sample in shown)
        {
            StationDisplay[] events = [.. MuonEventChoice.Of(comparison, sample)];
            if (events.Length > 0)
            {
                yield return new Heading($"Events: {Title(sample)}");
                foreach (StationDisplay display in events)
                {
                    yield return display;
                }
            }
        }
    }

    private static Table Study(MuonStudyResult study) => new(
        ["", .. study.Columns.Select(c => new TableColumn(
            c) { Decimals = c.StartsWith("ns ", StringComparison.Ordinal) || c is "hits" or "bytes kept" ? 0
            : c.EndsWith("diff.", StringComparison.Ordinal) ? 12 : 4 })],
        [.. study.Rows.Select(r => (IReadOnlyList<Cell>)[new TextCell(r.Label), .. r.Values.Select(v => (Cell)new NumberCell(v))])])
    {
        Caption = $"**{study.Name}.** {study.Question}",
    };

    private static IEnumerable<Block> Setup(MuonComparison comparison, MuonReproductionRequest request)
    {
        MuonExperiment experiment = comparison.Models[0].Experiment;
        yield return new Paragraph(string.Create(
            CultureInfo.InvariantCulture,
            $"Both methods train the same graph attention network ({experiment.Network.Layers} rounds of {experiment.Network.Heads} "
                + $"heads of {experiment.Network.HeadWidth}, {comparison.Chain.Scorer.Layout.Count} parameters) from the same first "
                + $"weights on the same {experiment.Data.Training} simulated events in the same order for {experiment.Training.Epochs} "
                + $"epochs. They differ in one boolean: whether the gradient of the fit terms reaches the network. Spacings, materials, "
                + $"noise, sizes and weights are our choice."));
        yield return new Paragraph(
            "r = (q/pT - truth) / truth. Core width is half of the 16-84 % span, tails are fractions beyond 3 and 5, all of r / "
            + "limit(pT) over every attempted event; a failed fit counts half at plus and half at minus infinity. Each network's reading "
            + "was chosen once on simulated validation events.");
        yield return new Table(
            ["pT", new("Limit", "%")],
            [.. new[] { 5.0, 10, 20, 50, 100 }.Select(pt =>
                (IReadOnlyList<Cell>)[new TextCell(string.Create(CultureInfo.InvariantCulture, $"{pt} GeV")),
                new NumberCell(100 * comparison.Chain.Limit.Relative(pt))])])
        {
            Caption = "The Cramer-Rao bound of planes of 0.1 mm with scattering, without a vertex.",
        };
        yield return new Code(request.Command);
    }

    private static Table Table(MuonSampleResult sample)
    {
        List<IReadOnlyList<Cell>> rows = [];
        foreach (MuonMethodResult result in sample.Methods)
        {
            ResolutionSummary r = result.Resolution;
            rows.Add(
            [
                new TextCell(result.Seed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{result.Method}, seed {result.Seed}")
                    : result.Method),
                new TextCell(result.Reading),
                new NumberCell(result.Auc),
                new NumberCell(result.AveragePrecision),
                new NumberCell(r.Efficiency),
                new NumberCell(r.CoreWidth),
                new NumberCell(r.Tail3),
                new NumberCell(r.Tail5),
                new NumberCell(r.Bias),
                new NumberCell(r.FailedFits),
            ]);
        }

        return new(
            [
                "Method", "Reading", new("AUC") { Decimals = 4 }, new("Average precision") { Decimals = 4 }, new(
                    "Efficiency") { Decimals = 4 },
                new("Core width", "limits") { Decimals = 3 }, new("Beyond 3") { Decimals = 4 }, new("Beyond 5") { Decimals = 4 }, new(
                    "Bias", "limits") { Decimals = 3 }, new("Failed fits") { Decimals = 0 },
            ],
            rows)
        {
            Caption = string.Create(CultureInfo.InvariantCulture,
                $"{sample.Events.Count} events, {sample.Methods[0].Resolution.Attempted} with a muon, all of them attempted."),
        };
    }
}
