namespace Sagitta.Experiments.Runs;

/// <summary>Runs side by side: what differs in their configurations, their last metrics, and the courses of their trainings.</summary>
internal sealed record RunComparison(IReadOnlyList<RunRecord> Runs)
{
    private const string MetricsName = "metrics.csv";
    private const string ConfigurationName = "config.yaml";

    /// <summary>Reads folders of runs, and those below folders that are none themselves.</summary>
    /// <exception cref="BadInputException">There is no run.</exception>
    public static RunComparison Read(IEnumerable<string> folders) => new([.. folders.SelectMany(folder =>
    {
        string[] files = !Directory.Exists(folder) ? [] : File.Exists(Path.Combine(folder, MetricsName))
            ? [Path.Combine(folder, MetricsName)]
            : [.. Directory.EnumerateFiles(folder, MetricsName, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files.Select(file => ReadOne(Path.GetDirectoryName(file)!))
            : throw new BadInputException($"'{folder}'", $"there is no run: no {MetricsName} in it or below",
                "give a folder that a training wrote");
    })]);

    /// <summary>The courses of one seed's trainings below a folder as a section of a report; nothing where there are none.</summary>
    public static IEnumerable<Block> Training(string folder, ulong seed)
    {
        string ending = string.Create(CultureInfo.InvariantCulture, $"seed{seed}");
        string[] own = [.. Directory.EnumerateFiles(folder, MetricsName, SearchOption.AllDirectories).Select(
            file => Path.GetDirectoryName(file)!).Where(name => name.EndsWith(ending, StringComparison.Ordinal)).Order(
                StringComparer.Ordinal)];
        return own.Length == 0 ? [] : [new Heading("Training"), .. Read(own).Courses()];
    }

    /// <summary>The table as text.</summary>
    public string Text() => MetricTable.PlainText(Columns(), Runs);

    /// <summary>Writes the page to a file.</summary>
    public void WritePage(string path) => ReportWriter.WriteFile(path, Page());

    /// <summary>The page: the table, and a figure for each metric.</summary>
    public Report Page()
    {
        return new("Runs", [MetricTable.Block(Columns(), Runs, "The runs: what differs in their configurations, and their last metrics."),
            new Heading("Courses"), .. Courses()])
        {
            Abstract = $"{Runs.Count} trainings side by side: what was set differently, what came of it, and how it came.",
        };
    }

    /// <summary>A figure for each metric.</summary>
    public IEnumerable<Illustration> Courses() =>
        Runs.SelectMany(run => run.Metrics.Skip(1)).Distinct(StringComparer.Ordinal).Select(Course);

    private List<MetricColumn<RunRecord>> Columns()
    {
        string[] fields = [.. Runs.SelectMany(run => run.Fields.Keys).Distinct(StringComparer.Ordinal)
            .Where(field => Runs.Select(run => run.Fields.GetValueOrDefault(field, "")).Distinct(StringComparer.Ordinal).Count() > 1)];
        string[] metrics = [.. Runs.SelectMany(run => run.Metrics).Distinct(StringComparer.Ordinal)];
        return [new("run", "Run", "", "Its folder.", run => run.Folder) { Width = -10 },
            .. fields.Select(field => new MetricColumn<RunRecord>(field, field, "", "A field of its configuration.",
                run => run.Fields.GetValueOrDefault(field, "")) { Width = -field.Length }),
            .. metrics.Select(metric => new MetricColumn<RunRecord>(metric, metric, "0.#####", "The last value of its metrics.csv.",
                run => run.Last(metric)) { Width = Math.Max(9, metric.Length) })];
    }

    private Illustration Course(string metric)
    {
        List<Mark> marks = [];
        foreach ((int number, RunRecord run) in Runs.Index())
        {
            if (run.ColumnOf(metric) is > 0 and var column)
            {
                marks.Add(new Curve([.. run.Rows.Select(row => row[0])], [.. run.Rows.Select(row => row[column])])
                {
                    Label = run.Folder,
                    Series = number,
                });
            }
        }

        string across = Runs.FirstOrDefault(run => run.Metrics.Contains(metric, StringComparer.Ordinal))?.Metrics[0] ?? "";
        return new(new(new Panel(new(across), new(metric), marks)), $"{metric} in the course of the trainings.");
    }

    private static RunRecord ReadOne(string folder)
    {
        string file = Path.Combine(folder, MetricsName);
        string[] lines = [.. File.ReadAllLines(file).Where(line => line.Length > 0)];
        string[] names = lines.Length > 0 ? lines[0].Split(',') : [];
        List<IReadOnlyList<double>> rows = [];
        foreach ((int number, string line) in lines.Index().Skip(1))
        {
            string[] cells = line.Split(',');
            rows.Add(cells.Length == names.Length ? [.. cells.Select(
                cell => NumberText.TryRead(cell, out double value) ? value : double.NaN)]
                : throw new BadInputException($"'{file}', line {number + 1}", $"{cells.Length} cells stand under {names.Length} names",
                    "restore the file or remove the line"));
        }

        string configuration = Path.Combine(folder, ConfigurationName);
        return new(folder, File.Exists(configuration) ? ConfigurationFile.Flatten(ConfigurationFile.ReadText(configuration), configuration)
            : new Dictionary<string, string>(StringComparer.Ordinal), names, rows);
    }
}

/// <summary>A folder of a training: its configuration, field by field, and the rows of its metrics.csv.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="Fields">Values of config.yaml by their paths, such as training.epochs; empty without that file.</param>
/// <param name="Metrics">Names of the columns of metrics.csv, the step or epoch first.</param>
/// <param name="Rows">Its rows; NaN for what is no number.</param>
internal sealed record RunRecord(string Folder, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<string> Metrics,
    IReadOnlyList<IReadOnlyList<double>> Rows)
{
    /// <summary>The last value of a metric; NaN where the run has none.</summary>
    public double Last(string metric) => ColumnOf(metric) is >= 0 and var column && Rows.Count > 0 ? Rows[^1][column] : double.NaN;

    /// <summary>Where a metric stands; -1 where the run has none.</summary>
    public int ColumnOf(string metric) => Metrics.ToList().IndexOf(metric);
}
