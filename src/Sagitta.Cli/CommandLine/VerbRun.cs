using System.CommandLine;

namespace Sagitta.Cli.CommandLine;

/// <summary>What a verb works with: its arguments, where it writes, how it tells progress, when it must stop.</summary>
internal sealed class VerbRun : IDisposable
{
    private readonly ParseResult _parsed;

    /// <summary>A run of a parsed command line.</summary>
    public VerbRun(ParseResult parsed, CancellationToken stop)
    {
        _parsed = parsed;
        Stop = stop;
        Output = parsed.InvocationConfiguration.Output;
        TextWriter error = parsed.InvocationConfiguration.Error;
        Progress = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected
            && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null)
            ? new TerminalProgress()
            : new PlainProgress(error);
        CommandLine = "sagitta " + string.Join(' ', parsed.Tokens.Select(token => token.Value));
        Summary = new(CommandLine, Seed, Threads);
    }

    /// <summary>The command as it was given.</summary>
    public string CommandLine { get; }

    /// <summary>Cancelled by Ctrl-C: leave a checkpoint and throw.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Standard output: results only.</summary>
    public TextWriter Output { get; }

    /// <summary>Bars on a terminal, lines elsewhere, on the error stream.</summary>
    public IRunProgress Progress { get; }

    /// <summary>The summary that <see cref="WriteSummary"/> writes.</summary>
    public RunSummary Summary { get; }

    /// <summary>--seed, or its default where the verb has none.</summary>
    public ulong Seed => _parsed.GetValue(SharedOptions.Seed);

    /// <summary>--threads, or its default where the verb has none.</summary>
    public int Threads => _parsed.GetValue(SharedOptions.Threads);

    /// <summary>--out, or null.</summary>
    public string? Out => _parsed.GetValue(SharedOptions.Out);

    /// <summary>All values of --set.</summary>
    public IReadOnlyList<string> Settings => _parsed.GetValue(SharedOptions.Set) ?? [];

    /// <summary>The value of an option or its default.</summary>
    public T? Value<T>(Option<T> option) => _parsed.GetValue(option);

    /// <summary>The value of an argument.</summary>
    public T? Value<T>(Argument<T> argument) => _parsed.GetValue(argument);

    /// <summary>Whether the user gave the option.</summary>
    public bool Given(Option option) => _parsed.GetResult(option) is { Implicit: false };

    /// <summary>Writes the summary to the file of --summary, to standard output for "-", and into the folder of --out.</summary>
    public void WriteSummary()
    {
        string? file = _parsed.GetValue(SharedOptions.Summary);
        if (file == "-")
        {
            Output.Write(Summary.ToJson());
        }
        else if (file is not null)
        {
            Summary.Write(file);
        }

        if (Out is not null)
        {
            Summary.Write(Path.Combine(Out, "summary.json"));
        }
    }

    /// <summary>The value of an option without which the verb can't work.</summary>
    public T Required<T>(Option<T> option)
        where T : class => Value(option) ?? throw new UsageException(
            $"{option.Name} is missing; give {option.Name} {option.HelpName ?? "VALUE"}");

    /// <inheritdoc />
    public void Dispose() => (Progress as IDisposable)?.Dispose();
}
