using System.Text;

namespace Sagitta.Cli.CommandLine;

/// <summary>
/// Keeps files of others: a file that is named for output must not exist, or be empty, unless the user gives --force. Folders of --out are
/// not guarded: there runs resume, and rerun.
/// </summary>
internal static class OutputFiles
{
    /// <summary>Refuses a run that would replace a file.</summary>
    public static void Guard(SystemVerb verb, Func<VerbOption, IReadOnlyList<string>?> given)
    {
        if (Written(verb, given).FirstOrDefault(file => new FileInfo(file) is { Exists: true, Length: > 0 }
            && !PosixFile.IsSpecial(Path.GetFullPath(file))) is { } existing)
        {
            throw new UsageException($"'{existing}' exists; give another name, or --force to replace it");
        }
    }

    /// <summary>What a run would read, compute and write, as lines.</summary>
    /// <exception cref="UsageException">A file that it would read is not there.</exception>
    public static string Describe(SystemVerb verb, VerbRun run, Func<VerbOption, IReadOnlyList<string>?> given)
    {
        StringBuilder text = new();
        text.Append(run.CommandLine).Append('\n');
        foreach (VerbOption option in verb.Options.Where(o => o.IsRead))
        {
            foreach (string name in given(option) ?? [])
            {
                if (option.HelpName == "FILE" && !Path.Exists(name) && ShippedFile.TryFind(name) is null)
                {
                    throw new UsageException($"{option.Name}: '{name}' is not there; give an existing file");
                }

                text.Append(CultureInfo.InvariantCulture, $"reads {name} ({option.Name})\n");
            }
        }

        foreach (string line in verb.Plan?.Invoke(run) ?? [])
        {
            text.Append(line).Append('\n');
        }

        foreach (string file in Written(verb, given))
        {
            text.Append(CultureInfo.InvariantCulture, $"writes {file}{(File.Exists(file) ? ", which exists: it takes --force" : "")}\n");
        }

        foreach (string folder in verb.Options.Where(o => o is { IsWritten: true, HelpName: "DIR" }).SelectMany(o => given(o) ?? []))
        {
            text.Append(CultureInfo.InvariantCulture, $"writes the folder {folder}")
                .Append(!Directory.Exists(folder) ? "" : verb.Resumes ? ", which exists: goes on with what is there" : ", which exists")
                .Append('\n');
        }

        return text.Append("nothing was computed or written: this was a dry run\n").ToString();
    }

    private static IEnumerable<string> Written(SystemVerb verb, Func<VerbOption, IReadOnlyList<string>?> given) =>
        verb.Options.Where(o => o is { IsWritten: true, HelpName: not "DIR" })
            .SelectMany(o => (given(o) ?? []).Where(name => name != "-").SelectMany(name => o.Files?.Invoke(name) ?? [name]));
}
