namespace Sagitta.Cli.Progress;

/// <summary>Chooses how progress is told.</summary>
internal static class RunProgress
{
    /// <summary>Bars where the error stream is a terminal, lines elsewhere, nothing for a quiet run.</summary>
    public static IRunProgress Of(TextWriter error, Verbosity verbosity) => verbosity == Verbosity.Quiet ? SilentProgress.Instance
        : ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected
            && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null)
            ? new TerminalProgress()
            : new PlainProgress(error);
}
