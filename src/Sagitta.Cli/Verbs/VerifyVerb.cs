using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta verify": whether the files of a run are those that it wrote, and whether it comes out the same once more.</summary>
internal static class VerifyVerb
{
    private static readonly VerbOption<string> _folder = VerbOption.Argument("folder", "The folder of a run (--out of its command)");
    private static readonly VerbOption<bool> _again = VerbOption.Flag(
        "--again", "Run the same command once more, from the same inputs into a temporary folder, and compare the results");

    /// <summary>The verb, for commands of a root with all verbs.</summary>
    public static SystemVerb Of(Func<RootCommand> whole) => new(
        "verify", "Compare the files of a run with its manifest; exit code 1 if one differs", [_folder, _again], run => Run(run, whole()))
    {
        Examples = ["sagitta verify run", "sagitta verify run --again"],
    };

    private static int Run(VerbRun run, RootCommand root)
    {
        string folder = run.Value(_folder);
        IReadOnlyList<string> differences = RunManifest.Differences(folder, out int files);
        if (Tell(run, folder, differences, string.Create(CultureInfo.InvariantCulture,
            $"all {files} files are as the run wrote them")) is var code && (code != 0 || !run.Value(_again)))
        {
            return code;
        }

        string again = Path.Combine(Path.GetTempPath(), $"sagitta-again-{Path.GetRandomFileName()}");
        try
        {
            IReadOnlyList<string> recipe = RunManifest.Recipe(folder, run.Progress.Note);
            code = Execute(recipe, again, run, root);
            if (code != 0)
            {
                run.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder}: the command ends with exit code {code} now"));
                return 1;
            }

            return Tell(run, folder, RunManifest.ResultsThatDiffer(
                folder, again, recipe.SkipWhile(word => word != SharedOptions.Out.Name).ElementAt(1), out files),
                    string.Create(CultureInfo.InvariantCulture,
                $"run again, all {files} results are the same"));
        }
        finally
        {
            if (Directory.Exists(again))
            {
                Directory.Delete(again, recursive: true);
            }
        }
    }

    // The same words, but for where they write.
    private static int Execute(IReadOnlyList<string> recipe, string folder, VerbRun run, RootCommand root)
    {
        IReadOnlySet<string> written = root.Parse([.. recipe]).CommandResult.Command is VerbCommand command ? command.WrittenOptions
            : throw new BadInputException($"'{recipe[0]}'", "this version has no such command", "use the version that made the run");
        List<string> words = [];
        for (int i = 0; i < recipe.Count; i++)
        {
            if (recipe[i] == SharedOptions.Out.Name)
            {
                words.AddRange([recipe[i++], folder]);
            }
            else if (written.Contains(recipe[i]))
            {
                i++;
            }
            else if (recipe[i] != SharedOptions.Mpi.Name)
            {
                words.Add(recipe[i]);
            }
        }

        ParseResult parsed = root.Parse(words);
        if (parsed.Errors.Count > 0)
        {
            throw new BadInputException($"'{string.Join(' ', recipe)}'", parsed.Errors[0].Message, "use the version that made the run");
        }

        run.Progress.Note($"sagitta {string.Join(' ', words.Select(VerbCommand.Quoted))}");
        return parsed.InvokeAsync(
            new() { Output = TextWriter.Null, Error = run.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
            run.Stop).GetAwaiter().GetResult();
    }

    private static int Tell(VerbRun run, string folder, IReadOnlyList<string> differences, string same)
    {
        foreach (string difference in differences)
        {
            run.Output.WriteLine($"{folder}: {difference}");
        }

        if (differences.Count == 0)
        {
            run.Output.WriteLine($"{folder}: {same}");
        }

        return differences.Count == 0 ? 0 : 1;
    }
}
