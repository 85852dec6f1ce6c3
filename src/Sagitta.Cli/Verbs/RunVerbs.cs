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

    /// <summary>"sweep" over commands of the root.</summary>
    public static SystemVerb Sweep(RootCommand root) => new(
        "sweep", "Run one command for each combination of values, and compare the runs; a stopped sweep goes on where it was",
        [_grid, SharedOptions.Out], run => Run(run, root))
    {
        Examples = ["sagitta sweep grid.yaml --out sweep"],
        Resumes = true,
        Plan = run => Load(run).Combinations().Select(c => $"runs {Load(run).Command} --set {string.Join(" --set ", c.Settings)}"),
    };

    private static SweepOptions Load(VerbRun run) => ConfigurationFile.Load<SweepOptions>(run.Value(_grid));

    private static int Run(VerbRun run, RootCommand root)
    {
        SweepOptions sweep = Load(run);
        string folder = run.Folder;
        List<string> folders = [];
        foreach ((string name, IReadOnlyList<string> settings) in sweep.Combinations())
        {
            string own = Path.Combine(folder, name), finished = Path.Combine(own, FinishedName);
            string[] words = [.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(sweep.Command),
                .. settings.SelectMany(setting => (string[])["--set", setting]), "--out", own];
            string line = string.Join(' ', words);
            folders.Add(own);
            if (File.Exists(finished) && File.ReadAllText(finished) == line)
            {
                run.Progress.Note($"{name}: done before");
                continue;
            }

            ParseResult parsed = root.Parse(words);
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

            AtomicFile.WriteText(finished, line);
        }

        RunComparison comparison = RunComparison.Read(folders);
        string table = comparison.Text();
        AtomicFile.WriteText(Path.Combine(folder, "table.txt"), table);
        comparison.WritePage(Path.Combine(folder, "report.html"));
        run.Output.Write(table);
        return 0;
    }
}
