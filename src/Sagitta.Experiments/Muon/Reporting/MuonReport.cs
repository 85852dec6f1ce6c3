namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The comparison as one self-contained page: verdict, tables, ROC, residuals, resolution and one event.</summary>
internal static class MuonReport
{
    public static void Write(MuonComparison comparison, IReadOnlyList<MuonStudyResult> studies, MuonReproductionRequest request,
        string path)
    {
        List<Block> blocks = [MuonVerdict.Of(comparison), .. Changes(comparison), new Heading("Setup"), .. Setup(comparison, request)];
        foreach (string source in comparison.Samples.Select(s => s.Events.Source).Distinct(StringComparer.Ordinal))
        {
            IReadOnlyList<(string Name, Illustration Illustration)> scan = MuonFigures.Scan(comparison, source);
            if (scan.Count > 0)
            {
                blocks.Add(new Heading(source == "geant4" ? "Scan over background, Geant4 hits" : "Scan over background, simulated hits"));
                blocks.AddRange(scan.Select(f => f.Illustration));
            }
        }

        foreach (MuonSampleResult sample in comparison.Samples)
        {
            blocks.AddRange([new Heading(Title(sample)), Table(sample), MuonFigures.Roc(sample),
                MuonFigures.Residuals(comparison, sample), MuonFigures.Resolution(sample)]);
        }

        if (comparison.Efficiencies.Count > 0)
        {
            blocks.Add(new Heading("Muons found"));
            blocks.Add(MetricTable.Block(MuonMetrics.OfFound, FoundRows(comparison), FoundCaption));
        }

        blocks.AddRange(Rates(comparison));
        blocks.AddRange(Events(comparison));
        blocks.AddRange(RunComparison.Training(Path.GetDirectoryName(path)!, request.Experiment.Seed));
        if (studies.Count > 0)
        {
            blocks.Add(new Heading("Studies"));
            blocks.AddRange(studies.Select(study => MetricTable.Block(
                study.MetricColumns, study.Rows, $"**{study.Name}.** {study.Question}")));
        }

        ReportWriter.WriteFile(path, new("Muon: methods of reconstruction", blocks)
        {
            Subtitle = $"Detector {comparison.Chain.Detector.Name}; all values are of this run, none is from the published paper",
            Abstract = "A muon leaves hits in the planes of a spectrometer; its track bends in the magnetic field, and the bend gives its "
                + "momentum. Most hits are background. A neural network scores the hits, and a fit makes a track of them. This page asks "
                + "whether the momentum gets better when the network learns through the fit (end-to-end) rather than to sort hits alone "
                + "(factorised) or to place the track well in each plane (local).",
            Lead = comparison.Samples.Count > 0 ? MuonFigures.Resolution(comparison.Samples[0]) : null,
            Terms =
            [
                ("limit", "the smallest relative error of the momentum that this detector allows, the Cramér-Rao bound."),
                ("core width", "half of the span that holds the middle 68 % of the errors; smaller is better."),
                ("factorised", "the network learns which hits are the muon's, and knows nothing of the fit."),
                ("end-to-end", "the same network learns from the momentum itself, through the fit."),
                ("local", "the same network learns from the distance to the true track in each plane, and knows nothing of the fit."),
                ("measurement stage", "a small network that makes a position and its error of the strips of a plane; without stage, "
                    + "the mean of the strips, weighted by charge, and one error for all."),
                ("AUC", "the chance that a muon's hit has a higher score than a background hit; 1 is perfect."),
                ("average precision", "the mean share of muon hits among the best-scored ones; 1 is perfect."),
                ("classical", "a search and fit without any training."),
                ("road", "the hits near the true track: what an ideal first selection leaves."),
                ("Geant4", "an independent, detailed simulation of particles in matter."),
            ],
            IsQuick = request.Quick,
            Facts = [("Command", request.Command), ("Seeds",
                string.Join(", ", comparison.Models.Select(m => m.Experiment.Seed).Distinct())),
                ("Data", string.Join(", ", comparison.Samples.Select(s => string.Create(
                    CultureInfo.InvariantCulture, $"{s.Name}: {s.Events.Count} events")).Distinct(StringComparer.Ordinal)))],
        });
    }

    /// <summary>What the table of muons found shows.</summary>
    public const string FoundCaption =
        "Fits within 5 limits among the muons of samples of their own; means over seeds. A Geant4 muon is digitised several times, each "
        + "time in other background. Intervals are of 95 % and those of independent muons.";

    /// <summary>The rows of the table of muons found: a row for each sample and method.</summary>
    public static IEnumerable<MuonFoundRow> FoundRows(MuonComparison comparison) =>
        from counted in comparison.Efficiencies
        from method in counted.Methods.Select(m => m.Method).Distinct()
        select new MuonFoundRow(counted, method, counted.Of(method));

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
            EventDisplay[] events = [.. MuonEventPicture.Chosen(comparison, sample)];
            if (events.Length > 0)
            {
                yield return new Heading($"Events: {Title(sample)}");
                foreach (EventDisplay display in events)
                {
                    yield return display;
                }
            }
        }
    }

    private static IEnumerable<Block> Rates(MuonComparison comparison)
    {
        if (comparison.Rates.Count == 0)
        {
            yield break;
        }

        yield return new Heading("Triggers and events without a muon");
        foreach (MuonRates rates in comparison.Rates)
        {
            string ideal = string.Join(", ", rates.Methods.Take(1).SelectMany(m => m.Spectrum)
                .Select(s => string.Create(CultureInfo.InvariantCulture, $"{100 * s.Ideal:0.0000} % above {s.Threshold} GeV")));
            yield return MetricTable.Block(MuonMetrics.OfFlux, MuonRatesRow.Of(rates),
                string.Create(CultureInfo.InvariantCulture,
                    $"{rates.Background:0.##} kHz/cm^{{2}}. Fakes are accepted tracks of at least {MuonRates.LowestPt} GeV in "
                    + $"{rates.WithoutMuon} events without a muon; the cut on the scaled error of each method keeps the same share of "
                    + $"muons. Triggers: the accepted shares of a spectrum that falls as pT^{{-{MuonRates.Spectrum.Exponent}}} from "
                    + $"{MuonRates.SpectrumLow} to {MuonRates.SpectrumHigh} GeV (our choice), and what of it has a true pT below the "
                    + $"threshold and below 5 GeV. A trigger on the true pT accepts {ideal}."));
        }

        for (int t = 0; t < MuonRates.Thresholds.Count; t++)
        {
            yield return MuonFigures.TurnOn(comparison.Rates[^1], t);
        }

        if (comparison.Rates.Count > 1)
        {
            yield return MuonFigures.FakeScan(comparison.Rates);
        }
    }

    private static Table[] Changes(MuonComparison comparison) => comparison.Primary.Count == 0 ? []
        : [MetricTable.Block(MuonPrimaryClaims.ChangeColumns, MuonPrimaryClaims.Changes(comparison), "What each step changes.")];

    private static IEnumerable<Block> Setup(MuonComparison comparison, MuonReproductionRequest request)
    {
        MuonExperiment experiment = comparison.Models[0].Experiment;
        yield return new Paragraph(string.Create(
            CultureInfo.InvariantCulture,
            $"All networks are the same graph attention network ({experiment.Network.Layers} rounds of {experiment.Network.Heads} "
                + $"heads of {experiment.Network.HeadWidth}, {comparison.Chain.Scorer.Layout.Count} parameters) from the same first "
                + $"weights on the same {experiment.Data.Training} simulated events in the same order for {experiment.Training.Epochs} "
                + $"epochs. They differ in the loss alone: cross-entropy of hits (factorised), and the likelihood of each plane (local), "
                + $"and the fit terms (end-to-end). Spacings, materials, noise, sizes and weights are our choice."));
        yield return new Paragraph(
            "r = (q/pT - truth) / truth. Core width is half of the 16-84 % span, tails are fractions beyond 3 and 5, all of r / "
            + "limit(pT) over every attempted event; a failed fit counts half at plus and half at minus infinity. Each network's reading "
            + "was chosen once on simulated validation events.");
        yield return new Table(
            ["pT", new("Limit", "%")],
            [.. MuonSummary.LimitPt.Select(pt => (Metric[])[string.Create(CultureInfo.InvariantCulture, $"{pt} GeV"),
                100 * comparison.Chain.Limit.Relative(pt)])])
        {
            Caption = string.Create(CultureInfo.InvariantCulture, $"The limit, a unit: the Cramer-Rao bound of planes of "
                + $"{comparison.Chain.Detector.NominalResolution:0.###} mm with scattering, without a vertex. What these planes allow, by "
                + $"the error that is stated of each, is the column 'Stated' of truth."),
        };
        yield return new Code(request.Command);
    }

    private static Table Table(MuonSampleResult sample) => MetricTable.Block(
        [MuonMetrics.MethodAndSeed, .. MuonMetrics.OfMethod],
        sample.Methods.Select(result => new MuonMethodRow(result.Method, [result])),
        string.Create(CultureInfo.InvariantCulture,
            $"{sample.Events.Count} events, {sample.Methods[0].Resolution.Attempted} with a muon, all of them attempted."));
}
