using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sagitta.Cli.CommandLine;

/// <summary>
/// The program as a function of its arguments. Exit codes: 0 done, 1 failed, 2 usage or bad input, 128 and the signal's number where
/// one stopped it (130 for Ctrl-C). Every failure is one line on the error stream; of one that was not foreseen it names a file with the
/// trace, and the variable SAGITTA_TRACE=1 shows that instead.
/// </summary>
internal static class SagittaCommand
{
    private const int Failed = 1;
    private const int BadUsage = 2;
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(5);
    private static int _signal;

    /// <summary>Runs one command line. All is done when it returns: methods that wait would be compiled at each start, since no code of
    /// theirs can be kept.</summary>
    /// <param name="arguments">Its words.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Progress and what went wrong.</param>
    /// <param name="systems">The systems that there are; null for those that come with Sagitta.</param>
    public static Task<int> RunAsync(
        string[] arguments, TextWriter output, TextWriter error, IReadOnlyList<TrackingSystem>? systems = null)
    {
        RootCommand root = Create(systems, arguments);
        ParseResult parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments, new() { ResponseFileTokenReplacer = null });
        bool asksForWords = parsed.Tokens.Any(token => token.Type == TokenType.Directive);
        if (parsed.Errors.Count > 0 && !asksForWords)
        {
            error.WriteLine($"sagitta: {Usage(parsed)}");
            return Task.FromResult(BadUsage);
        }

        using CancellationTokenSource stop = new();
        void Tell() => error.WriteLine(Stopped(parsed));
        using PosixSignalRegistration interrupt = StopOn(PosixSignal.SIGINT, 2, stop, Tell);
        using PosixSignalRegistration terminate = StopOn(PosixSignal.SIGTERM, 15, stop, Tell);
        using PosixSignalRegistration hangUp = StopOn(PosixSignal.SIGHUP, 1, stop, Tell);
        int code = Invoke(parsed, output, error, stop);
        RunRanks.End(code);
        return Task.FromResult(code);
    }

    /// <summary>Runs a command line that parsed, and turns whatever it throws into a line and an exit code.</summary>
    internal static int Invoke(ParseResult parsed, TextWriter output, TextWriter error, CancellationTokenSource stop)
    {
        bool detailed = parsed.Errors.Count == 0 && RunSwitches.Of(parsed) == Verbosity.Detailed;
        long start = Stopwatch.GetTimestamp();
        try
        {
            InvocationConfiguration configuration = new()
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null
            };
            int code = parsed.InvokeAsync(configuration, stop.Token).GetAwaiter().GetResult();
            output.Flush();
            if (detailed)
            {
                string took = Pace.Duration(Stopwatch.GetElapsedTime(start).TotalSeconds);
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sagitta {RunSummary.Version}, {took}, "
                    + $"{Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB at most: {VerbCommand.LineOf(parsed)}"));
            }

            return code;
        }
        catch (UsageException problem)
        {
            error.WriteLine($"{RunRanks.Speaker}: {problem.Message}");
            return BadUsage;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || RunRanks.AreSeveral)
        {
            error.WriteLine(Stopped(parsed));
            return _signal > 0 ? 128 + _signal : Failed;
        }
#pragma warning disable CA1031 // The last resort: a stack trace is no answer to a user.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            RunFailure failure = RunFailure.Of(problem);
            if (failure.ReaderGone)
            {
                return 0;
            }

            bool trace = !failure.IsBadInput && (detailed || Environment.GetEnvironmentVariable("SAGITTA_TRACE") == "1");
            string told = trace ? problem.ToString() : failure.IsForeseen ? failure.Message : Unforeseen(parsed, problem);
            error.WriteLine($"{RunRanks.Speaker}: {told}");
            return failure.IsBadInput ? BadUsage : Failed;
        }
    }

    /// <summary>The root command with all verbs.</summary>
    /// <param name="systems">The systems that there are; null for those that come with Sagitta.</param>
    /// <param name="words">The command line that it is for; verbs that it does not name have no options. Null for any.</param>
    internal static RootCommand Create(IReadOnlyList<TrackingSystem>? systems = null, IReadOnlyList<string>? words = null)
    {
        RootCommand root = new("Differentiable track reconstruction: from hits to momenta, trained end to end.");
        root.Options.Add(RunSwitches.Level);
        root.Options.Add(RunSwitches.Quiet);
        root.Options.Add(RunSwitches.DryRun);
        root.Options.Add(RunSwitches.Force);
        // Words in brackets ask what could follow.
        bool all = words is null || words.Any(word => word.StartsWith('['));

        // For verbs that tell of others, or run them.
        RootCommand Whole() => all ? root : Create(systems);
        VerbList.AddTo(root, systems ?? TrackingSystems.All, Whole, verb => all || words!.Contains(verb, StringComparer.Ordinal));
        root.Add(HelpVerb.Of(root, Whole));
        foreach (Command command in AllCommands(root))
        {
            foreach (HelpOption help in command.Options.OfType<HelpOption>())
            {
                help.Action = new HelpWithExamples((HelpAction)help.Action!);
                // As words after a slash they would hide files.
                help.Aliases.Remove("/h");
                help.Aliases.Remove("/?");
            }
        }

        return root;
    }

    private static IEnumerable<Command> AllCommands(Command command) => command.Subcommands.SelectMany(AllCommands).Prepend(command);

    private static string Usage(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string verb = string.Join(' ', CommandPath(parsed.CommandResult));
        string problem = (parsed.UnmatchedTokens, command.Subcommands) switch
        {
            ([{ } token, ..], { Count: > 0 }) when !token.StartsWith('-') => Suggestion.OfVerb(token, command),
            ([{ } token, ..], _) => Suggestion.OfOption(token, command),
            _ => parsed.Errors[0].Message.TrimEnd('.').ReplaceLineEndings(" "),
        };
        return $"{problem}; see '{verb} --help'";
    }

    private static IEnumerable<string> CommandPath(CommandResult result) =>
        result.Parent is CommandResult parent ? CommandPath(parent).Append(result.Command.Name) : ["sagitta"];

    // What a user can do with an error of ours is to send the trace.
    private static string Unforeseen(ParseResult parsed, Exception problem)
    {
        string file = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture,
            $"sagitta-trace-{Environment.ProcessId}-{DateTime.UtcNow:yyyyMMdd-HHmmss}.txt"));
        string where = $"the trace is in '{file}', please report it with that";
        try
        {
            File.WriteAllText(file, $"Sagitta {RunSummary.Version} on {RuntimeInformation.OSDescription}, "
                + $"{RuntimeInformation.FrameworkDescription}\n{VerbCommand.LineOf(parsed)}\n{problem}\n");
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            where = "SAGITTA_TRACE=1 shows where, please report it with that";
        }

        return $"'{string.Join(' ', CommandPath(parsed.CommandResult))}' failed in a way that was not foreseen; {where}";
    }

    private static string Stopped(ParseResult parsed) => RunRanks.Speaker + ": stopped before the end"
        + (parsed.CommandResult.Command is VerbCommand { Resumes: true } ? $"; go on with: {VerbCommand.LineOf(parsed)}" : "");

    // The first signal asks the work to stop at the next safe place. A second one, or work that comes to no such place in time, ends the
    // process; no unfinished file stays behind.
    private static PosixSignalRegistration StopOn(PosixSignal signal, int number, CancellationTokenSource stop, Action tell) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = !stop.IsCancellationRequested;
            _signal = number;
            stop.Cancel();
            if (!context.Cancel)
            {
                AtomicFile.RemoveUnfinished();
                return;
            }

            Thread last = new(() =>
            {
                Thread.Sleep(_grace);
                AtomicFile.RemoveUnfinished();
                tell();
                Environment.Exit(128 + number);
            })
            { IsBackground = true, Name = "Sagitta stop" };
            last.Start();
        });
}
