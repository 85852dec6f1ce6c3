namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta verify": whether the files of a run are those that it wrote.</summary>
internal static class VerifyVerb
{
    private static readonly VerbOption<string> _folder = VerbOption.Argument("folder", "The folder of a run (--out of its command)");

    /// <summary>The verb.</summary>
    public static SystemVerb Verb { get; } = new(
        "verify", "Compare the files of a run with its manifest; exit code 1 if one differs", [_folder], Run)
    {
        Examples = ["sagitta verify run"],
    };

    private static int Run(VerbRun run)
    {
        string folder = run.Value(_folder);
        IReadOnlyList<string> differences = RunManifest.Differences(folder, out int files);
        foreach (string difference in differences)
        {
            run.Output.WriteLine($"{folder}: {difference}");
        }

        if (differences.Count == 0)
        {
            run.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder}: all {files} files are as the run wrote them"));
        }

        return differences.Count == 0 ? 0 : 1;
    }
}
