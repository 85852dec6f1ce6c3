using System.Globalization;
using System.Text;
using Sagitta.Reconstruction.Metrics;

namespace Sagitta.Experiments.Muon;

/// <summary>The comparison as plain text: one table for each sample, seeds averaged.</summary>
public static class MuonTable
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
            text.Append(CultureInfo.InvariantCulture, $"\n{sample.Name}: {sample.Events.Count} events of {sample.Events.Source} hits, background {sample.Background:0.##} kHz/cm2; core, 95 % RMS, tails and bias of r / limit\n");
            text.Append(CultureInfo.InvariantCulture, $"{"method",-12} {"reading",-10} {"AUC",7} {"AP",7} {"effic.",7} {"core",7} {"rms95",7} {">3",7} {">5",7} {"bias",7} {"pull",6} {"failed",11}\n");
            foreach (string name in sample.MethodNames)
            {
                AppendRow(text, sample.Of(name));
            }

            if (sample.IsPaired)
            {
                PairedDifference core = comparison.CoreWidthDifference(sample);
                PairedDifference auc = comparison.AucDifference(sample);
                text.Append(CultureInfo.InvariantCulture, $"end-to-end minus factorised: core {core.Value:+0.000;-0.000;0.000} [{core.Low:+0.000;-0.000;0.000}, {core.High:+0.000;-0.000;0.000}], AUC {auc.Value:+0.0000;-0.0000;0.0000}\n");
            }
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<MuonMethodResult> seeds)
    {
        double Mean(Func<MuonMethodResult, double> value) => seeds.Average(value);
        string Cell(double value, string format) => double.IsNaN(value) ? "-" : double.IsInfinity(value) ? "inf" : value.ToString(format, CultureInfo.InvariantCulture);
        string reading = string.Join('/', seeds.Select(s => s.Reading).Distinct(StringComparer.Ordinal));
        text.Append(CultureInfo.InvariantCulture, $"{seeds[0].Method,-12} {(reading.Length == 0 ? "-" : reading),-10} ");
        text.Append(CultureInfo.InvariantCulture, $"{Cell(Mean(s => s.Auc), "0.0000"),7} {Cell(Mean(s => s.AveragePrecision), "0.0000"),7} {Cell(Mean(s => s.Resolution.Efficiency), "0.0000"),7} ");
        text.Append(CultureInfo.InvariantCulture, $"{Cell(Mean(s => s.Resolution.CoreWidth), "0.000"),7} {Cell(Mean(s => s.Resolution.Rms95), "0.000"),7} {Cell(Mean(s => s.Resolution.Tail3), "0.0000"),7} ");
        text.Append(CultureInfo.InvariantCulture, $"{Cell(Mean(s => s.Resolution.Tail5), "0.0000"),7} {Cell(Mean(s => s.Resolution.Bias), "+0.000;-0.000;0.000"),7} {Cell(Mean(s => s.Resolution.PullWidth), "0.00"),6} {seeds.Sum(s => s.Resolution.FailedFits) + "/" + seeds.Sum(s => s.Resolution.Attempted),11}\n");
    }
}
