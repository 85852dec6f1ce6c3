namespace Sagitta.Experiments.Calorimeter;

/// <summary>What the trainings of one method logged, as a row of tables: the metrics.csv of each seed has a row for each look at the
/// validation frames.</summary>
/// <param name="Method">The method.</param>
/// <param name="Logs">For each seed its rows of steps, loss, frames with a gradient, validation purity.</param>
internal sealed record TrainingLog(CalorimeterMethodOptions Method, double[][][] Logs)
{
    private const int Step = 0, Gradient = 2, Purity = 3;
    private static readonly double[] _shares = [0.025, 0.05, 0.1, 0.25, 0.5, 1];

    private static readonly IReadOnlyList<MetricColumn<TrainingLog>> _method =
    [
        new("method", "method", "", "The method.", log => log.Method.Label) { Width = -28 },
        new("seeds", "seeds", "0", "Trainings that left their log.", log => log.Logs.Length) { Width = 5 },
    ];

    /// <summary>Tables of what the trainings in the folder of a reproduction logged: the share of the training frames that gave any
    /// gradient, and the purity that more steps add. Empty if no training left its log.</summary>
    public static IEnumerable<string> Tables(string folder, IReadOnlyList<CalorimeterModel> models)
    {
        TrainingLog[] logs = [.. models.GroupBy(model => model.Method.Label, StringComparer.Ordinal)
            .Select(group => new TrainingLog(group.First().Method,
                [.. group.Select(model => Read(folder, model)).Where(rows => rows.Length > 0)]))
            .Where(log => log.Logs.Length > 0)];
        if (logs.Length > 0)
        {
            yield return "frames with a gradient (%) in the first, the middle and the last steps before a look at validation frames; best "
                + "validation purity (%)\n" + MetricTable.PlainText(
                [
                    .. _method,
                    Percent("gradientFirst", "first", log => log[0][Gradient]),
                    Percent("gradientMiddle", "middle", log => log[log.Length / 2][Gradient]),
                    Percent("gradientLast", "last", log => log[^1][Gradient]),
                    Percent("bestPurity", "purity", log => log.Max(row => row[Purity])),
                ],
                logs);
        }

        // A training that looked at validation frames too seldom cannot tell a fortieth of its steps.
        logs = [.. logs.Where(log => log.Logs.All(rows => rows[0][Step] <= _shares[0] * rows[^1][Step]))];
        if (logs.Length > 0)
        {
            double steps = logs[0].Logs[0][^1][Step];
            yield return "best validation purity (%) up to a step\n" + MetricTable.PlainText(
                [.. _method, .. _shares.Select(share => Percent(
                    string.Create(CultureInfo.InvariantCulture, $"purityUpTo{share * steps:F0}"),
                    string.Create(CultureInfo.InvariantCulture, $"{share * steps:F0}"),
                    log => log.Where(row => row[Step] <= share * log[^1][Step]).Max(row => row[Purity])))],
                logs);
        }
    }

    private static MetricColumn<TrainingLog> Percent(string name, string header, Func<double[][], double> value) =>
        new(name, header, "0.0", "Mean over seeds.", log => log.Logs.Average(value)) { Unit = "%", Scale = 100, Width = 8 };

    private static double[][] Read(string folder, CalorimeterModel model)
    {
        string file = Path.Combine(folder, CalorimeterReproduction.FolderOf(model.Method, model.Seed), "metrics.csv");
        return !File.Exists(file) ? [] :
            [.. File.ReadLines(file).Skip(1).Select(line => line.Split(',').Select(field =>
                NumberText.TryRead(field, out double value) ? value : double.NaN)
                    .ToArray())];
    }
}
