using System.Text;

namespace Sagitta.Experiments.Calorimeter;

/// <summary>What share of the training frames gave any gradient, early and late: from the metrics.csv of each training, as text.</summary>
internal static class GradientTable
{
    /// <summary>One line for each method, averaged over its seeds; empty if no training left its log in the folder.</summary>
    /// <param name="folder">The folder of a reproduction.</param>
    /// <param name="models">Its models.</param>
    public static string Of(string folder, IReadOnlyList<CalorimeterModel> models)
    {
        StringBuilder text = new();
        foreach (IGrouping<string, CalorimeterModel> method in models.GroupBy(
            model => CalorimeterTrainer.Name(model.Method), StringComparer.Ordinal))
        {
            double[][][] logs = TrainingLog.Of(folder, method);
            if (logs.Length == 0)
            {
                continue;
            }

            if (text.Length == 0)
            {
                text.AppendLine(
                    "frames with a gradient (%) in the first, the middle and the last steps before a look at validation frames; best "
                    + "validation purity (%)");
            }

            double Mean(Func<double[][], double[]> row, int column) => 100 * logs.Average(log => row(log)[column]);
            double best = 100 * logs.Average(log => log.Max(row => row[TrainingLog.Purity]));
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{method.Key,-28} {logs.Length,2} seeds  {Mean(log => log[0], TrainingLog.Gradient),6:F1}  "
                    + $"{Mean(log => log[log.Length / 2], TrainingLog.Gradient),6:F1}  {Mean(log => log[^1], TrainingLog.Gradient),6:F1} "
                    + $" {best,6:F1}"));
        }

        return text.ToString();
    }
}
