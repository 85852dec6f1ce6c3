namespace Sagitta.Experiments.Calorimeter;

/// <summary>The metrics.csv that a training leaves beside its model: one row for each look at the validation frames.</summary>
internal static class TrainingLog
{
    /// <summary>Columns of a row.</summary>
    public const int Step = 0, Gradient = 2, Purity = 3;

    /// <summary>The rows of the models of one method that left a log in the folder of their reproduction.</summary>
    public static double[][][] Of(string folder, IEnumerable<CalorimeterModel> models) =>
        [.. models.Select(model => Read(Path.Combine(folder, CalorimeterReproduction.FolderOf(model.Method, model.Seed), "metrics.csv")))
            .Where(rows => rows.Length > 0)];

    private static double[][] Read(string file) => !File.Exists(file) ? [] :
        [.. File.ReadLines(file).Skip(1).Select(line =>
            line.Split(',').Select(field => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value : double.NaN).ToArray())];
}
