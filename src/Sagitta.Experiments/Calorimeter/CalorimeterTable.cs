using System.Text;

namespace Sagitta.Experiments.Calorimeter;

/// <summary>Results as text.</summary>
internal static class CalorimeterTable
{
    /// <summary>One line for each sample and method, in percent.</summary>
    public static string Of(IEnumerable<CalorimeterSampleResult> samples)
    {
        StringBuilder text = new();
        text.AppendLine(
            "sample        frames  method            purity          efficiency      eff.ref.  TPR     FPR   (%)  range error (mm)");
        foreach (CalorimeterSampleResult sample in samples)
        {
            foreach (CalorimeterRow row in CalorimeterRow.Of(sample))
            {
                text.AppendLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{sample.Name,-13} {sample.Frames,6}  {row.Label,-16} {100 * row.Purity,6:F1} +- {100 * row.PurityError,4:F1}  "
                        + $"{100 * row.Efficiency,6:F1} +- {100 * row.EfficiencyError,4:F1}  {100 * row.EfficiencyReference,6:F1}  "
                        + $"{100 * row.TruePositiveRate,6:F2}  {100 * row.FalsePositiveRate,5:F2}  {row.RangeError,10:F2}"));
            }
        }

        return text.ToString();
    }
}
