using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta help VERB": the same as "sagitta VERB --help"; --markdown prints the page of all commands.</summary>
internal static class HelpVerb
{
    /// <summary>The command.</summary>
    /// <param name="root">The root that it helps with.</param>
    /// <param name="whole">A root whose verbs all have their options, for the page of all.</param>
    public static Command Of(RootCommand root, Func<RootCommand> whole)
    {
        Argument<string[]> words = new("verb") { Description = "The words of a verb", Arity = ArgumentArity.ZeroOrMore };
        words.CompletionSources.Add(_ => root.Subcommands.Select(c => new System.CommandLine.Completions.CompletionItem(c.Name)));
        Option<bool> markdown = new("--markdown") { Description = "All commands as one page of Markdown, docs/cli.md" };
        Command help = new("help", "What a verb does, its options and examples") { words, markdown };
        help.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(markdown))
            {
                output.Write(CommandReference.Of(whole()));
                return 0;
            }

            Command command = root;
            foreach (string word in parsed.GetValue(words) ?? [])
            {
                command = command.Subcommands.FirstOrDefault(c => c.Name == word)
                    ?? throw new UsageException(Suggestion.OfVerb(word, command));
            }

            return root.Parse([.. parsed.GetValue(words) ?? [], "--help"]).Invoke(parsed.InvocationConfiguration);
        });
        return help;
    }
}
