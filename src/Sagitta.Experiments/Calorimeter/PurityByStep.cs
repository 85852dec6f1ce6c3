using System.Text;

namespace Sagitta.Experiments.Calorimeter;

/// <summary>What more steps add: the best validation purity up to a share of a training's steps, from the metrics.csv of each training, as
/// text.</summary>
internal static class PurityByStep
{
    private static readonly double[] _shares = [0.025, 0.05, 0.1, 0.25, 0.5, 1];

    /// <summary>
    /// A line of steps and one for each method, averaged over its seeds; empty if no training left its log in the folder, or none looked at
    /// validation frames often enough to tell a fortieth of its steps.
    /// </summary>
    /// <param name="folder">The folder of a reproduction.</param>
    /// <param name="models">Its models.</param>
    public static string Of(string folder, IReadOnlyList<CalorimeterModel> models)
    {
        StringBuilder text = new();
        foreach (IGrouping<string, CalorimeterModel> method in models.GroupBy(
            model => CalorimeterTrainer.Name(model.Method), StringComparer.Ordinal))
        {
            double[][][] logs = TrainingLog.Of(folder, method);
            if (logs.Length == 0 || logs.Any(log => log[0][TrainingLog.Step] > _shares[0] * log[^1][TrainingLog.Step]))
            {
                continue;
            }

            if (text.Length == 0)
            {
                text.AppendLine("best validation purity (%) up to a step");
                text.AppendLine($"{"",-38}" + string.Concat(_shares.Select(
                    share => string.Create(CultureInfo.InvariantCulture, $"{share * logs[0][^1][TrainingLog.Step],8:F0}"))));
            }

            string purities = string.Concat(_shares.Select(
                share => string.Create(CultureInfo.InvariantCulture, $"{100 * logs.Average(log => BestUpTo(log, share)),8:F1}")));
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{method.Key,-28} {logs.Length,2} seeds{purities}"));
        }

        return text.ToString();
    }

    private static double BestUpTo(double[][] log, double share) =>
        log.Where(row => row[TrainingLog.Step] <= share * log[^1][TrainingLog.Step]).Max(row => row[TrainingLog.Purity]);
}
