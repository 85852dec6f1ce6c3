using System.CommandLine;

namespace Sagitta.Cli.CommandLine;

/// <summary>The switches that every verb has.</summary>
internal static class RunSwitches
{
    /// <summary>--verbosity.</summary>
    public static Option<string> Level { get; } = AcceptingLevels();

    /// <summary>--quiet.</summary>
    public static Option<bool> Quiet { get; } =
        new("--quiet", "-q") { Description = "The same as --verbosity quiet: results and errors alone", Recursive = true };

    /// <summary>--dry-run.</summary>
    public static Option<bool> DryRun { get; } =
        new("--dry-run") { Description = "Say what would be read, computed and written, and do nothing", Recursive = true };

    /// <summary>--force.</summary>
    public static Option<bool> Force { get; } =
        new("--force")
        {
            Description = "Replace files that exist; without it a file named for output must be new or empty",
            Recursive = true
        };

    /// <summary>What a command line asks for.</summary>
    public static Verbosity Of(ParseResult parsed) => parsed.GetValue(Quiet) ? Verbosity.Quiet
        : Enum.Parse<Verbosity>(parsed.GetValue(Level) ?? nameof(Verbosity.Normal), ignoreCase: true);

    private static Option<string> AcceptingLevels()
    {
        Option<string> level = new("--verbosity", "-v")
        {
            Description = "How much is told on the error stream: quiet, normal or detailed",
            HelpName = "LEVEL",
            DefaultValueFactory = _ => "normal",
            Recursive = true,
        };
        return level.AcceptOnlyFromAmong("quiet", "normal", "detailed");
    }
}

/// <summary>How much a run tells on the error stream.</summary>
internal enum Verbosity
{
    /// <summary>Errors alone.</summary>
    Quiet,
    /// <summary>Progress and notes.</summary>
    Normal,
    /// <summary>Also versions, wall time, memory, and the stack trace of an unexpected error.</summary>
    Detailed,
}
