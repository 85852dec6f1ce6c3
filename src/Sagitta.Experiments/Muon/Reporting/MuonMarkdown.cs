using System.Text;

namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The comparison as Markdown: results.md, and the table that a README shows.</summary>
internal static class MuonMarkdown
{
    public static string Document(MuonComparison comparison, IReadOnlyList<MuonStudyResult> studies, string command)
    {
        IReadOnlyList<MuonClaim> claims = MuonVerdict.Decided(comparison);
        MuonExperiment experiment = comparison.Models[0].Experiment;
        List<string> parts =
        [
            "# Results of the muon system",
            string.Create(CultureInfo.InvariantCulture, $"Written by `{command}` (report.html of that run has the figures). Seeds "
                + $"{string.Join(", ", comparison.Models.Select(m => m.Experiment.Seed).Distinct())}, detector {experiment.Detector}, "
                + $"{experiment.Data.Training} training events, {experiment.Training.Epochs} epochs. Values are of this toy detector and "
                + $"of our choices, not of the published paper."),
            $"**{MuonVerdict.Headline(comparison, claims)}** {MuonVerdict.Sentences(comparison, claims)}",
        ];
        if (claims.Count > 0)
        {
            parts.AddRange(["## Claims", MetricTable.Markdown(MuonVerdict.ClaimColumns, claims)]);
        }

        if (comparison.Primary.Count > 0)
        {
            parts.AddRange(["## What each step changes",
                MetricTable.Markdown(MuonPrimaryClaims.ChangeColumns, MuonPrimaryClaims.Changes(comparison))]);
        }

        parts.AddRange(
            ["## Methods", "Core width, bias, 95 % RMS and tails of r / limit(pT) over every attempted event, r the relative error "
            + "of q/pT; means over seeds."]);
        foreach (MuonSampleResult sample in comparison.Samples)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture,
                $"### {sample.Name}: {sample.Events.Count} events at {sample.Background:0.##} kHz/cm2"));
            parts.Add(MetricTable.Markdown([MuonMetrics.Method, .. MuonMetrics.OfMethod], MuonMethodRow.Of(sample)));
            if (sample.IsPaired)
            {
                parts.Add(
                    $"End-to-end minus factorised: core {MuonVerdict.Interval(comparison.CoreWidthDifference(sample), MuonClaim.Signed)}, "
                    + $"AUC {MuonVerdict.Interval(comparison.AucDifference(sample), MuonClaim.SignedFine)}, average precision "
                    + $"{MuonVerdict.Interval(comparison.AveragePrecisionDifference(sample), MuonClaim.SignedFine)}.");
            }
        }

        if (comparison.Efficiencies.Count > 0)
        {
            parts.AddRange(["## Muons found", MuonReport.FoundCaption,
                MetricTable.Markdown(MuonMetrics.OfFound, MuonReport.FoundRows(comparison))]);
        }

        parts.AddRange(["## Seed by seed", "The same of each network by itself.", .. comparison.Samples.SelectMany(sample => new[]
        {
            $"### {sample.Name}, seed by seed",
            MetricTable.Markdown([MuonMetrics.MethodAndSeed, .. MuonMetrics.OfMethod],
                sample.Methods.Where(r => r.Seed > 0).Select(r => new MuonMethodRow(r.Method, [r]))),
        })]);
        if (comparison.Primary.Count > 0)
        {
            parts.AddRange(["## Appendix", "What else was measured, without a verdict.",
                MetricTable.Markdown([.. MuonVerdict.ClaimColumns.Take(3)], MuonClaims.Of(comparison))]);
        }

        if (studies.Count > 0)
        {
            parts.Add("## Studies");
            parts.AddRange(studies.SelectMany(study => new[]
                { $"### {study.Name}", study.Question, MetricTable.Markdown(study.MetricColumns, study.Rows) }));
        }

        return string.Join("\n\n", parts.Select(part => part.TrimEnd('\n'))) + "\n";
    }

    /// <summary>The short table: each method at 5 kHz/cm2 (or the first flux) on simulated and on Geant4 hits, and the verdict.</summary>
    public static string Short(MuonComparison comparison, string command)
    {
        IReadOnlyList<MuonClaim> claims = MuonVerdict.Decided(comparison);
        double flux = comparison.Samples.Any(s => s.Background is 5) ? 5 : comparison.Samples[0].Background;
        MuonSampleResult? Sample(string source) =>
            comparison.Samples.FirstOrDefault(s => s.InScan && s.Background == flux && s.Events.Source == source);
        MuonSampleResult? simulated = Sample("simulation");
        MuonSampleResult? geant4 = Sample("geant4");
        MetricColumn<MuonMethod> On(string name, MuonSampleResult? sample, string header) =>
            MuonMetrics.Named(name).Of((MuonMethod method) => sample?.Of(method) is [_, ..] seeds ? new MuonMethodRow(method, seeds) : null)
                with
            { Header = header, Unit = "" };
        IReadOnlyList<MetricColumn<MuonMethod>> columns =
        [
            new("method", "method", "", "How the weights of hits are found.", method => method.Name),
            On("auc", simulated, "AUC"),
            On("coreWidth", simulated, "core, simulated"),
            On("tail5", simulated, "beyond 5"),
            On("coreWidth", geant4, "core, Geant4"),
            On("tail5", geant4, "beyond 5"),
        ];
        StringBuilder text = new();
        text.Append(
            CultureInfo.InvariantCulture,
            $"`{command}`, {flux:0.##} kHz/cm2, {simulated?.Events.Count ?? 0} simulated and {geant4?.Events.Count ?? 0} Geant4 muons; "
            + $"widths and tails of r / limit, r the relative error of q/pT and the limit, a unit, the Cramer-Rao bound of 0.1 mm planes "
            + $"(these measure better); every attempted event counts, seeds averaged:\n\n");
        text.Append(MetricTable.Markdown(columns, (simulated ?? geant4)?.MethodsInOrder ?? []));
        text.Append($"\n{MuonVerdict.Headline(comparison, claims)} {MuonVerdict.Sentences(comparison, claims, brief: true)} All claims and "
            + $"changes are in docs/results.md.\n");
        return text.ToString();
    }
}
