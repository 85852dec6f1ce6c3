using System.Text;

namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The comparison as plain text: one table for each sample, seeds averaged.</summary>
internal static class MuonTable
{
    /// <summary>All tables.</summary>
    public static string Of(MuonComparison comparison)
    {
        StringBuilder text = new();
        text.Append("limit (Cramer-Rao, 0.1 mm planes, no vertex):");
        foreach (double pt in new[] { 5.0, 10, 20, 50, 100 })
        {
            text.Append(CultureInfo.InvariantCulture, $"  {pt:0} GeV {100 * comparison.Chain.Limit.Relative(pt):0.00} %");
        }

        text.Append('\n');
        foreach (MuonSampleResult sample in comparison.Samples)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n{sample.Name}: {sample.Events.Count} events of {sample.Events.Source} hits, background {sample.Background:0.##} "
                + $"kHz/cm2; core, 95 % RMS, tails and bias of r / limit\n");
            text.Append(
                CultureInfo.InvariantCulture,
                $"{"method",-12} {"reading",-10} {"AUC",7} {"AP",7} {"effic.",7} {"core",7} {"rms95",7} {">3",7} {">5",7} {"bias",7} "
                + $"{"pull",6} {"charge",7} {"hits",7} {"purity",7} {"failed",11}\n");
            foreach (string name in sample.MethodNames)
            {
                AppendRow(text, sample.Of(name));
            }

            if (sample.IsPaired)
            {
                PairedDifference core = comparison.CoreWidthDifference(sample);
                PairedDifference auc = comparison.AucDifference(sample);
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"end-to-end minus factorised: core {core.Value:+0.000;-0.000;0.000} [{core.Low:+0.000;-0.000;0.000}, "
                    + $"{core.High:+0.000;-0.000;0.000}], AUC {auc.Value:+0.0000;-0.0000;0.0000}\n");
            }
        }

        foreach (MuonRates rates in comparison.Rates)
        {
            AppendRates(text, rates);
        }

        return text.ToString();
    }

    private static void AppendRates(StringBuilder text, MuonRates rates)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"\naccepted tracks at {rates.Background:0.##} kHz/cm2: in {rates.WithoutMuon} events without a muon, every method keeping "
            + $"{MuonRates.EqualEfficiency:P0} of muons; of a spectrum falling as pT^-{MuonRates.Spectrum.Exponent} from "
            + $"{MuonRates.SpectrumLow} GeV, per cent of its muons (true pT below the threshold; below 5 GeV)\n");
        text.Append(CultureInfo.InvariantCulture, $"{"method",-12} {"kept",7} {"fakes",8} {"kHz",8}");
        foreach (double threshold in MuonRates.Thresholds)
        {
            text.Append(CultureInfo.InvariantCulture, $" {"above " + threshold + " GeV",26}");
        }

        text.Append('\n');
        foreach (string method in rates.Methods.Select(m => m.Method).Distinct(StringComparer.Ordinal))
        {
            IReadOnlyList<MuonMethodRates> seeds = rates.Of(method);
            text.Append(
                CultureInfo.InvariantCulture,
                $"{method,-12} {seeds.Average(s => s.Acceptance.Efficiency),7:0.0000} {seeds.Average(s => s.FakeShare),8:0.00000} "
                + $"{seeds.Average(s => s.FakeRate),8:0.00}");
            for (int t = 0; t < MuonRates.Thresholds.Count; t++)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $" {100 * seeds.Average(s => s.Spectrum[t].Accepted),9:0.0000} "
                    + $"({100 * seeds.Average(s => s.Spectrum[t].FromBelowThreshold):0.0000}; "
                    + $"{100 * seeds.Average(s => s.Spectrum[t].FromBelowFive):0.0000})");
            }

            text.Append('\n');
        }

        if (rates.Methods.Count > 0)
        {
            text.Append("a trigger on the true pT:").AppendJoin(
                "", rates.Methods[0].Spectrum.Select(s => string.Create(
                CultureInfo.InvariantCulture, $"  above {s.Threshold} GeV {100 * s.Ideal:0.0000}"))).Append('\n');
        }
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<MuonMethodResult> seeds)
    {
        double Mean(Func<MuonMethodResult, double> value) => seeds.Average(value);
        string Cell(double value, string format) => double.IsNaN(value) ? "-" : double.IsInfinity(value) ? "inf"
            : value.ToString(format, CultureInfo.InvariantCulture);
        string reading = string.Join('/', seeds.Select(s => s.Reading).Distinct(StringComparer.Ordinal));
        text.Append(CultureInfo.InvariantCulture, $"{seeds[0].Method,-12} {(reading.Length == 0 ? "-" : reading),-10} ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Cell(Mean(s => s.Auc), "0.0000"),7} {Cell(Mean(s => s.AveragePrecision), "0.0000"),7} "
            + $"{Cell(Mean(s => s.Resolution.Efficiency), "0.0000"),7} ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Cell(Mean(s => s.Resolution.CoreWidth), "0.000"),7} {Cell(Mean(s => s.Resolution.Rms95), "0.000"),7} "
            + $"{Cell(Mean(s => s.Resolution.Tail3), "0.0000"),7} ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Cell(Mean(s => s.Resolution.Tail5), "0.0000"),7} {Cell(Mean(s => s.Resolution.Bias), "+0.000;-0.000;0.000"),7} "
            + $"{Cell(Mean(s => s.Resolution.PullWidth), "0.00"),6} {Cell(Mean(s => s.Resolution.ChargeMisidentification), "0.0000"),7} "
            + $"{Cell(Mean(s => s.HitEfficiency), "0.0000"),7} {Cell(Mean(s => s.HitPurity), "0.0000"),7} "
            + $"{seeds.Sum(s => s.Resolution.FailedFits) + "/" + seeds.Sum(s => s.Resolution.Attempted),11}\n");
    }
}
