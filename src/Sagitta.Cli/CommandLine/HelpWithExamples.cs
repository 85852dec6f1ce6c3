using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sagitta.Cli.CommandLine;

/// <summary>The library's help, followed by the examples of the verb.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        Command command = parseResult.CommandResult.Command;

        // A verb with one form for each system shows the examples of all its forms.
        string[] examples = command is RootCommand ? []
            : [.. Below(command).OfType<VerbCommand>().SelectMany(form => form.Examples).Distinct(StringComparer.Ordinal)];
        if (examples.Length > 0)
        {
            output.WriteLine("Examples:");
            foreach (string example in examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        return code;
    }

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(Below).Prepend(command);
}
