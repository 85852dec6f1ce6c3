namespace Sagitta.Tests.Learning.Training;

public sealed class MetricsLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sagitta-metrics").FullName;

    private string FilePath => Path.Combine(_folder, "metrics.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rows_are_on_disk_at_once_and_missing_values_are_empty()
    {
        using MetricsLog log = MetricsLog.Create(FilePath, ["loss", "auc"]);
        log.Append(1, 0.1, double.NaN);
        log.Append(2, 1.0 / 3, 1);
        using FileStream stream = new(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(stream);
        Assert.Equal("step,loss,auc\n1,0.1,\n2,0.3333333333333333,1\n", reader.ReadToEnd());
    }

    [Fact]
    public void Resumed_table_equals_an_uninterrupted_one()
    {
        using (MetricsLog log = MetricsLog.Create(FilePath, ["loss"]))
        {
            log.Append(1, 3);
            log.Append(2, 2);
            log.Append(3, 1);
        }

        File.AppendAllText(FilePath, "4,0.12"); // what a crash in the middle of a row leaves
        using (MetricsLog log = MetricsLog.Resume(FilePath, ["loss"], 2))
        {
            log.Append(3, 1);
        }

        Assert.Equal("step,loss\n1,3\n2,2\n3,1\n", File.ReadAllText(FilePath));
    }

    [Fact]
    public void Other_columns_or_a_strange_row_are_bad_input_and_a_missing_file_is_begun()
    {
        using (MetricsLog.Resume(FilePath, ["loss"], 5))
        {
        }

        Assert.Equal("step,loss\n", File.ReadAllText(FilePath));
        Assert.Throws<BadInputException>(() => MetricsLog.Resume(FilePath, ["other"], 5));
        File.AppendAllText(FilePath, "x,1\n");
        BadInputException problem = Assert.Throws<BadInputException>(() => MetricsLog.Resume(FilePath, ["loss"], 5));
        Assert.Contains("line 2", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_of_wrong_length_and_names_with_commas_are_refused()
    {
        using MetricsLog log = MetricsLog.Create(FilePath, ["loss"]);
        Assert.Throws<ArgumentException>(() => log.Append(1, 1, 2));
        Assert.Throws<ArgumentException>(() => MetricsLog.Create(FilePath, ["a,b"]));
    }
}
