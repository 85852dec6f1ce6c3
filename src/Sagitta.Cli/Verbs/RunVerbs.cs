using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta runs" compares folders of trainings, "sagitta sweep" makes one for each point of a grid.</summary>
internal static class RunVerbs
{
    // Beside a run that came to its end; a stopped sweep leaves such runs alone.
    private const string FinishedName = ".sagitta-finished";

    private static readonly VerbOption<string[]> _folders = VerbOption.Arguments("folders", "Folders of runs, or folders that hold some");
    private static readonly VerbOption<string?> _page =
        VerbOption.Text("--page", "FILE", "Write a page with table and training curves there") with { IsWritten = true };

    private static readonly VerbOption<string> _grid = VerbOption.Argument(
        "grid", "YAML file with the command and the values of its fields");

    private static readonly VerbOption<(int Number, int Count)?> _shard = SharedOptions.Shard with
    {
        Description = "Do combination K and every Nth after it; what is the last to end writes the comparison",
    };

    /// <summary>"runs".</summary>
    public static SystemVerb Runs { get; } = new(
        "runs", "Compare trainings: what differs in their configurations, their metrics and curves", [_folders, _page], run =>
        {
            RunComparison comparison = RunComparison.Read(run.Value(_folders));
            run.Output.Write(comparison.Text());
            if (run.Value(_page) is { } page)
            {
                comparison.WritePage(page);
            }

            return 0;
        })
    {
        Examples = ["sagitta runs run twin", "sagitta runs sweep --page runs.html"],
    };

    /// <summary>"sweep" over commands of a root with all verbs.</summary>
    public static SystemVerb Sweep(Func<RootCommand> whole) => new(
        "sweep", "Run one command for each combination of values, and compare the runs; a stopped sweep goes on where it was",
        [_grid, SharedOptions.Out, SharedOptions.Mpi, _shard], run => Run(run, whole()))
    {
        Examples = ["sagitta sweep grid.yaml --out sweep"],
        Resumes = true,
        Plan = run => Load(run).Combinations().Select(c => $"runs {Load(run).Command} --set {string.Join(" --set ", c.Settings)}"),
    };

    private static SweepOptions Load(VerbRun run) => ConfigurationFile.Load<SweepOptions>(run.Value(_grid));

    private static int Run(VerbRun run, RootCommand root)
    {
        run.Exclude(SharedOptions.Mpi, _shard);
        (int number, int count) = run.Value(_shard) ?? (run.Ranks.Rank + 1, run.Ranks.Count);
        string folder = run.Folder;
        Point[] points = [.. Points(run, folder)];
        foreach (Point point in points.Where((_, i) => i % count == number - 1))
        {
            if (point.IsDone)
            {
                run.Progress.Note($"{point.Name}: done before");
                continue;
            }

            ParseResult parsed = root.Parse(point.Words);
            if (parsed.Errors.Count > 0)
            {
                throw new BadInputException($"'{run.Value(_grid)}', field 'command'", parsed.Errors[0].Message, "see 'sagitta --help'");
            }

            int code = parsed.InvokeAsync(
                new() { Output = run.Output, Error = run.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                run.Stop).GetAwaiter().GetResult();
            if (code != 0)
            {
                return code;
            }

            AtomicFile.WriteText(point.Finished, point.Line);
        }

        run.Ranks.Wait();
        if (!run.Ranks.IsFirst)
        {
            return 0;
        }

        int left = points.Count(point => !point.IsDone);
        if (left > 0)
        {
            run.Progress.Note($"{left} of {points.Length} combinations belong to parts that have not ended");
            return 0;
        }

        RunComparison comparison = RunComparison.Read([.. points.Select(point => point.Folder)]);
        string table = comparison.Text();
        AtomicFile.WriteText(Path.Combine(folder, "table.txt"), table);
        comparison.WritePage(Path.Combine(folder, "report.html"));
        run.Output.Write(table);
        return 0;
    }

    private static IEnumerable<Point> Points(VerbRun run, string folder)
    {
        SweepOptions sweep = Load(run);
        foreach ((string name, IReadOnlyList<string> settings) in sweep.Combinations())
        {
            string own = Path.Combine(folder, name);
            yield return new(name, own, [.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(sweep.Command),
                .. settings.SelectMany(setting => (string[])["--set", setting]), "--out", own]);
        }
    }

    // A combination: its folder and the command that fills it.
    private sealed record Point(string Name, string Folder, string[] Words)
    {
        public string Line => string.Join(' ', Words);

        public string Finished => Path.Combine(Folder, FinishedName);

        public bool IsDone => File.Exists(Finished) && File.ReadAllText(Finished) == Line && RunManifest.HasItsInputs(Folder);
    }
}
