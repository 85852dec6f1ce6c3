using System.Text;

namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The comparison as Markdown: results.md, and the table that a README shows.</summary>
internal static class MuonMarkdown
{
    /// <summary>The whole document.</summary>
    public static string Document(MuonComparison comparison, IReadOnlyList<MuonStudyResult> studies, string command)
    {
        IReadOnlyList<MuonClaim> claims = MuonClaims.Of(comparison);
        StringBuilder text = new();
        MuonExperiment experiment = comparison.Models[0].Experiment;
        Line(string.Create(CultureInfo.InvariantCulture, $"# Results of the muon system"));
        Line(string.Create(CultureInfo.InvariantCulture, $""));
        Line(string.Create(CultureInfo.InvariantCulture, $"Written by `{command}` (report.html of that run has the figures). Seeds "
            + $"{string.Join(", ", comparison.Models.Select(m => m.Experiment.Seed).Distinct())}, detector {experiment.Detector}, "
            + $"{experiment.Data.Training} training events, {experiment.Training.Epochs} epochs. Values are of this toy detector and of "
            + $"our choices, not of the published paper."));
        Line(string.Create(CultureInfo.InvariantCulture, $""));
        Line(string.Create(CultureInfo.InvariantCulture,
            $"**{MuonVerdict.Headline(comparison, claims)}** {MuonVerdict.Sentences(comparison, claims)}"));
        Line(string.Create(CultureInfo.InvariantCulture, $""));
        if (claims.Count > 0)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"## Claims"));
            Line(string.Create(CultureInfo.InvariantCulture, $""));
            Line(string.Create(CultureInfo.InvariantCulture, $"| sample | claim | measured, 95 % | bound | holds |"));
            Line(string.Create(CultureInfo.InvariantCulture, $"|---|---|---|---|---|"));
            foreach (MuonClaim claim in claims)
            {
                string holds = claim.Outcome switch { VerdictOutcome.Holds => "yes", VerdictOutcome.Fails => "no", _ => "not decided" };
                Line(string.Create(CultureInfo.InvariantCulture,
                    $"| {claim.Sample} | {claim.Name} | {MuonVerdict.Interval(claim.Measured, claim.Format)} | {claim.Bound} | {holds} |"));
            }

            Line(string.Create(CultureInfo.InvariantCulture, $""));
        }

        Line(string.Create(CultureInfo.InvariantCulture, $"## Methods"));
        Line(string.Create(CultureInfo.InvariantCulture, $""));
        Line(string.Create(CultureInfo.InvariantCulture,
            $"Core width, bias, 95 % RMS and tails of r / limit(pT) over every attempted event, r the relative error of q/pT; means "
            + $"over seeds."));
        foreach (MuonSampleResult sample in comparison.Samples)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $""));
            Line(string.Create(CultureInfo.InvariantCulture,
                $"### {sample.Name}: {sample.Events.Count} events at {sample.Background:0.##} kHz/cm2"));
            Line(string.Create(CultureInfo.InvariantCulture, $""));
            Line(string.Create(CultureInfo.InvariantCulture,
                $"| method | reading | AUC | average precision | efficiency | core | 95 % RMS | beyond 3 | beyond 5 | bias | pull | "
                + $"failed fits |"));
            Line(string.Create(CultureInfo.InvariantCulture, $"|---|---|---|---|---|---|---|---|---|---|---|---|"));
            foreach (string method in sample.MethodNames)
            {
                IReadOnlyList<MuonMethodResult> seeds = sample.Of(method);
                string M(Func<MuonMethodResult, double> value, string format) => Number(seeds.Average(value), format);
                string reading = string.Join('/', seeds.Select(s => s.Reading).Distinct(StringComparer.Ordinal));
                Line(string.Create(CultureInfo.InvariantCulture,
                    $"| {method} | {(reading.Length == 0 ? "-" : reading)} | {M(s => s.Auc, "0.00000")} | "
                    + $"{M(s => s.AveragePrecision, "0.0000")} | {M(s => s.Resolution.Efficiency, "0.0000")} | "
                    + $"{M(s => s.Resolution.CoreWidth, "0.000")} | {M(s => s.Resolution.Rms95, "0.000")} | "
                    + $"{M(s => s.Resolution.Tail3, "0.0000")} | {M(s => s.Resolution.Tail5, "0.0000")} | "
                    + $"{M(s => s.Resolution.Bias, "0.000")} | {M(s => s.Resolution.PullWidth, "0.00")} | "
                    + $"{M(s => s.Resolution.FailedFits, "0.0")} |"));
            }

            if (sample.IsPaired)
            {
                Line(string.Create(CultureInfo.InvariantCulture, $""));
                Line(string.Create(CultureInfo.InvariantCulture, $"End-to-end minus factorised: core "
                    + $"{MuonVerdict.Interval(comparison.CoreWidthDifference(sample), "+0.000;-0.000;0.000")}, AUC "
                    + $"{MuonVerdict.Interval(comparison.AucDifference(sample), "+0.00000;-0.00000;0.00000")}, average precision "
                    + $"{MuonVerdict.Interval(comparison.AveragePrecisionDifference(sample), "+0.00000;-0.00000;0.00000")}."));
            }
        }

        if (comparison.Efficiencies.Count > 0)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $""));
            Line(string.Create(CultureInfo.InvariantCulture, $"## Muons found"));
            Line(string.Create(CultureInfo.InvariantCulture, $""));
            Line(string.Create(CultureInfo.InvariantCulture,
                $"Fits within {ResolutionSummary.EfficientLimits} limits among muons of samples of their own; means over seeds. A "
                + $"Geant4 muon is digitised anew several times, in other background; intervals are those of independent muons."));
            Line(string.Create(CultureInfo.InvariantCulture, $""));
            Line(string.Create(CultureInfo.InvariantCulture,
                $"| sample | events | truth | classical | end-to-end with track search | its gain on classical |"));
            Line(string.Create(CultureInfo.InvariantCulture, $"|---|---|---|---|---|---|"));
            foreach (MuonEfficiency counted in comparison.Efficiencies)
            {
                const string Search = "end-to-end" + MuonEvaluation.SearchSuffix;
                string Share(string method) => Number(counted.Of(method).Average(m => m.Share), "0.00000");
                Line(string.Create(CultureInfo.InvariantCulture,
                    $"| {counted.Name} | {counted.Attempted} | {Share("truth")} | {Share("classical")} | {Share(Search)} | "
                    + $"{MuonVerdict.Interval(counted.Difference(Search, "classical"), "+0.00000;-0.00000;0.00000")} |"));
            }
        }

        if (studies.Count > 0)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $""));
            Line(string.Create(CultureInfo.InvariantCulture, $"## Studies"));
            foreach (MuonStudyResult study in studies)
            {
                Line(string.Create(CultureInfo.InvariantCulture, $""));
                Line(string.Create(CultureInfo.InvariantCulture, $"### {study.Name}"));
                Line(string.Create(CultureInfo.InvariantCulture, $""));
                Line(string.Create(CultureInfo.InvariantCulture, $"{study.Question}"));
                Line(string.Create(CultureInfo.InvariantCulture, $""));
                Line(string.Create(CultureInfo.InvariantCulture, $"| | {string.Join(" | ", study.Columns)} |"));
                Line(string.Create(CultureInfo.InvariantCulture, $"|---|{string.Concat(study.Columns.Select(_ => "---|"))}"));
                foreach (MuonStudyRow row in study.Rows)
                {
                    Line(string.Create(CultureInfo.InvariantCulture,
                        $"| {row.Label} | {string.Join(" | ", row.Values.Select(v => Number(v, "0.######")))} |"));
                }
            }
        }

        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    /// <summary>The short table: each method at 5 kHz/cm2 (or the first flux) on simulated and on Geant4 hits, and the verdict.</summary>
    public static string Short(MuonComparison comparison, string command)
    {
        IReadOnlyList<MuonClaim> claims = MuonClaims.Of(comparison);
        double flux = comparison.Samples.Any(s => s.Background is 5) ? 5 : comparison.Samples[0].Background;
        MuonSampleResult? simulated = comparison.Samples.FirstOrDefault(
            s => s.InScan && s.Background == flux && s.Events.Source == "simulation");
        MuonSampleResult? geant4 = comparison.Samples.FirstOrDefault(s => s.InScan && s.Background == flux && s.Events.Source == "geant4");
        StringBuilder text = new();
        text.Append(
            CultureInfo.InvariantCulture,
            $"`{command}`, {flux:0.##} kHz/cm2; widths and tails of r / limit, r the relative error of q/pT and the limit the Cramer-Rao "
            + $"bound of 0.1 mm planes; every attempted event counts, seeds averaged:\n\n");
        text.Append("| method | AUC | core, simulated | beyond 5 | core, Geant4 | beyond 5 |\n|---|---|---|---|---|---|\n");
        foreach (string method in (simulated ?? geant4)?.MethodNames ?? [])
        {
            string Of(MuonSampleResult? sample, Func<MuonMethodResult, double> value, string format) =>
                sample?.Of(method) is [_, ..] seeds ? Number(seeds.Average(value), format) : "-";
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {method} | {Of(simulated, s => s.Auc, "0.0000")} | {Of(simulated, s => s.Resolution.CoreWidth, "0.000")} | "
                + $"{Of(simulated, s => s.Resolution.Tail5, "0.0000")} | {Of(geant4, s => s.Resolution.CoreWidth, "0.000")} | "
                + $"{Of(geant4, s => s.Resolution.Tail5, "0.0000")} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{MuonVerdict.Headline(comparison, claims)} {MuonVerdict.Sentences(comparison, claims, brief: true)} The numbers are in "
            + $"docs/results.md.\n");
        return text.ToString();
    }

    private static string Number(double value, string format) => double.IsFinite(value)
        ? value.ToString(format, CultureInfo.InvariantCulture) : "-";
}
