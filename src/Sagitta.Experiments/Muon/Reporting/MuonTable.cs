using System.Text;

namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>The comparison as plain text: a table for each sample, seeds averaged.</summary>
internal static class MuonTable
{
    public static string Of(MuonComparison comparison)
    {
        StringBuilder text = new();
        text.Append(
            CultureInfo.InvariantCulture,
                $"limit ({comparison.Chain.Detector.NominalResolution:0.###} mm planes, a unit; what these allow is 'stated' of truth):\n");
        foreach (double pt in MuonSummary.LimitPt)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {pt:0} GeV {100 * comparison.Chain.Limit.Relative(pt):0.00} %");
        }

        text.Append('\n');
        foreach (MuonSampleResult sample in comparison.Samples)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n{sample.Name}: {sample.Events.Count} events of {sample.Events.Source} hits, background {sample.Background:0.##} "
                + $"kHz/cm2;\ncore, 95 % RMS, tails and bias of r / limit\n");
            text.Append(MetricTable.PlainText([MuonMetrics.Method, .. MuonMetrics.OfMethod], MuonMethodRow.Of(sample)));
            if (sample.IsPaired)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"end-to-end minus factorised: core {MuonVerdict.Interval(comparison.CoreWidthDifference(sample), MuonClaim.Signed)}, "
                    + $"AUC {comparison.AucDifference(sample).Value.ToString(MuonClaim.SignedFour, CultureInfo.InvariantCulture)}\n");
            }
        }

        foreach (MuonRates rates in comparison.Rates)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\naccepted tracks at {rates.Background:0.##} kHz/cm2: in {rates.WithoutMuon} events without a muon, every method keeping "
                + $"{MuonRates.EqualEfficiency:P0} of muons; of a spectrum falling as pT^-{MuonRates.Spectrum.Exponent} from "
                + $"{MuonRates.SpectrumLow} GeV, per cent of its muons (true pT below the threshold; below 5 GeV)\n");
            text.Append(MetricTable.PlainText(MuonMetrics.OfFlux, MuonRatesRow.Of(rates)));
            if (rates.Methods.Count > 0)
            {
                text.Append("a trigger on the true pT:\n").AppendJoin("", rates.Methods[0].Spectrum.Select(s => string.Create(
                    CultureInfo.InvariantCulture, $"  above {s.Threshold} GeV {100 * s.Ideal:0.0000}"))).Append('\n');
            }
        }

        return text.ToString();
    }
}
