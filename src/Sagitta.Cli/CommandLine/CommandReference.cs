using System.CommandLine;
using System.CommandLine.Help;
using System.Text;

namespace Sagitta.Cli.CommandLine;

/// <summary>The page of all commands, docs/cli.md, made of the tree of commands.</summary>
internal static class CommandReference
{
    private const string Introduction = """
        # The command line

        This page is made from the commands themselves: `sagitta help --markdown > docs/cli.md` writes it anew.

        Results go to standard output, all else to the error stream. Exit codes: 0 done; 1 failed, or a check of
        `validate-simulation` does not hold; 2 wrong usage or bad input; 130 stopped by Ctrl-C, 143 by SIGTERM. A stopped run
        says which command goes on with it. Tables that are wider than the terminal are shown row by row; files and pipes get
        them whole.

        A file that is named for output must be new or empty: `--force` replaces one that exists. A folder of `--out` is not
        guarded, since runs resume there. Completion: `source <(sagitta completion bash)`, likewise zsh; `sagitta completion fish | source`;
        `sagitta completion powershell | Out-String | Invoke-Expression`.

        """;

    /// <summary>The page.</summary>
    public static string Of(RootCommand root)
    {
        StringBuilder text = new();
        text.Append(Introduction.ReplaceLineEndings("\n")).Append("\n## Options of every command\n\n");
        WriteOptions(text, root.Options.Where(o => o.Recursive && o is not HelpOption));
        foreach (Command command in root.Subcommands)
        {
            Write(text, command, "sagitta", "##");
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Command command, string before, string heading)
    {
        string path = $"{before} {command.Name}";
        text.Append(CultureInfo.InvariantCulture, $"\n{heading} {path}\n\n{command.Description}.\n");
        if (command.Action is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n```\n{path}");
            foreach (Argument argument in command.Arguments)
            {
                text.Append(argument.Arity.MinimumNumberOfValues > 0 ? $" <{argument.Name}>" : $" [{argument.Name}]")
                    .Append(argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
            }

            text.Append(command.Options.Any(o => o is not HelpOption) ? " [options]\n```\n\n" : "\n```\n\n");
            foreach (Argument argument in command.Arguments)
            {
                text.Append(CultureInfo.InvariantCulture, $"- `{argument.Name}`: {Plain(argument.Description)}\n");
            }

            WriteOptions(text, command.Options.Where(o => o is not HelpOption));
            if (command is VerbCommand { Examples.Count: > 0 } verb)
            {
                text.Append("\n```\n").AppendJoin('\n', verb.Examples).Append("\n```\n");
            }
        }

        foreach (Command below in command.Subcommands)
        {
            Write(text, below, path, heading + "#");
        }
    }

    private static void WriteOptions(StringBuilder text, IEnumerable<Option> options)
    {
        foreach (Option option in options)
        {
            string value = option.ValueType == typeof(bool) ? "" : " " + (option.HelpName ?? "VALUE");
            text.Append(CultureInfo.InvariantCulture, $"- `{string.Join("`, `", option.Aliases.Prepend(option.Name))}{value}`: ")
                .Append(Plain(option.Description)).Append(option.Required ? "; needed\n" : "\n");
        }
    }

    // Angle brackets would be taken for markup.
    private static string Plain(string? text) => (text ?? "").Replace("<", "&lt;", StringComparison.Ordinal);
}
