using System.CommandLine;

namespace Sagitta.Cli.CommandLine;

/// <summary>One verb, or its form for one system, as a command with examples in its help.</summary>
internal sealed class VerbCommand : Command
{
    /// <summary>A verb whose forms are added to it.</summary>
    public VerbCommand(string name, string summary)
        : base(name, summary)
    {
    }

    /// <summary>A verb that does something.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="verb">What it does.</param>
    /// <param name="isNamed">Whether the command line names it; where it does not, nobody sees its options.</param>
    public VerbCommand(string name, SystemVerb verb, bool isNamed = true)
        : base(name, verb.Summary) => Take(verb, isNamed);

    /// <summary>Whole command lines for the help.</summary>
    public IReadOnlyList<string> Examples { get; private set; } = [];

    /// <summary>The options by which it is told where to write, but for the folder of a run.</summary>
    public IReadOnlySet<string> WrittenOptions { get; private set; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether the same command line goes on where a stopped run was.</summary>
    public bool Resumes { get; private set; }

    /// <summary>The command line as a shell takes it.</summary>
    public static string LineOf(ParseResult parsed) => "sagitta " + string.Join(' ', parsed.Tokens.Select(token => Quoted(token.Value)));

    /// <summary>A word as a shell takes it.</summary>
    public static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "_-./=:,+%@".Contains(c, StringComparison.Ordinal))
            ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Takes the options, the examples and the work of a verb.</summary>
    public void Take(SystemVerb verb, bool isNamed = true)
    {
        Dictionary<string, Symbol> symbols = new(StringComparer.Ordinal);
        SetAction((parsed, stop) => Task.FromResult(Do(parsed, stop)));
        Examples = verb.Examples;
        if (!isNamed)
        {
            return;
        }

        Resumes = verb.Resumes;
        WrittenOptions = verb.Options.Where(option => option is { IsWritten: true, IsArgument: false, HelpName: not "DIR" })
            .Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        foreach (VerbOption option in verb.Options)
        {
            symbols[option.Name] = option.IsArgument ? AddArgument(option) : AddOption(option);
        }

        int Do(ParseResult parsed, CancellationToken stop)
        {
            Ranks ranks = Given(SharedOptions.Mpi) is null ? Ranks.Alone : RunRanks.Start();
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            IRunProgress progress = ranks.IsFirst ? RunProgress.Of(streams.Error, RunSwitches.Of(parsed)) : SilentProgress.Instance;
            using var disposable = progress as IDisposable;
            using VerbRun run = new(
                LineOf(parsed), Given, ranks.IsFirst ? streams.Output : TextWriter.Null, streams.Error, progress, ranks, stop);
            if (parsed.GetValue(RunSwitches.DryRun))
            {
                run.Output.Write(OutputFiles.Describe(verb, run, Given));
                return 0;
            }

            if (ranks.IsFirst && !parsed.GetValue(RunSwitches.Force))
            {
                OutputFiles.Guard(verb, Given);
            }

            // Before any work: another run in the folder is met now, not hours later.
            _ = verb.Options.Contains(SharedOptions.Out) ? run.Out : null;
            int code = verb.Run(run);
            if (ranks.IsFirst)
            {
                run.WriteManifest([.. parsed.Tokens.Select(token => token.Value)],
                    verb.Options.Where(option => option.IsRead).SelectMany(option => Given(option) ?? []));
            }

            RunRanks.Tell(progress);
            return code;

            IReadOnlyList<string>? Given(VerbOption option) => TextsOf(parsed, symbols, option);
        }
    }

    private Argument<string[]> AddArgument(VerbOption option)
    {
        Argument<string[]> argument = new(option.Name)
        {
            Description = option.Description,
            CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
            Arity = option.Repeats ? ArgumentArity.OneOrMore : option.Required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        };
        argument.Validators.Add(result => Check(option, [.. result.Tokens.Select(t => t.Value)], result.AddError));
        Add(argument);
        return argument;
    }

    private Option AddOption(VerbOption option)
    {
        if (option.IsFlag)
        {
            Option<bool> flag = new(option.Name) { Description = option.Description };
            Add(flag);
            return flag;
        }

        string shown = option.DefaultText is { Length: > 0 } absent ? $" [default: {absent}]" : "";
        Option<string[]> value = new(option.Name)
        {
            HelpName = option.HelpName,
            Description = option.Description + shown,
            Required = option.Required,
            Arity = ArgumentArity.OneOrMore,
        };
        if (option.HelpName.StartsWith("NAME", StringComparison.Ordinal))
        {
            value.CompletionSources.Add(_ => ListVerb.Detectors.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        }

        value.Validators.Add(result => Check(option, [.. result.Tokens.Select(t => t.Value)], result.AddError));
        Add(value);
        return value;
    }

    private static void Check(VerbOption option, string[] texts, Action<string> refuse)
    {
        if (texts.Length > 0 && option.Problem(texts) is { } problem)
        {
            refuse(problem);
        }
    }

    private static string[]? TextsOf(ParseResult parsed, Dictionary<string, Symbol> symbols, VerbOption option) =>
        symbols.GetValueOrDefault(option.Name) switch
        {
            Argument<string[]> argument => parsed.GetResult(argument) is { Tokens.Count: > 0 } result
                ? [.. result.Tokens.Select(t => t.Value)] : null,
            Option<bool> flag => parsed.GetValue(flag) ? ["true"] : null,
            Option<string[]> value => parsed.GetResult(value) is { Implicit: false } result ? [.. result.Tokens.Select(t => t.Value)]
                : null,
            _ => null,
        };
}
