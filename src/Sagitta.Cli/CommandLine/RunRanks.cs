namespace Sagitta.Cli.CommandLine;

/// <summary>The ranks of this process, from the moment that a verb asks for them until the end of the program.</summary>
internal static class RunRanks
{
    private static Ranks? _ranks;

    /// <summary>Whether other processes wait for what this one does.</summary>
    public static bool AreSeveral => _ranks is { Count: > 1 };

    /// <summary>What begins a message of this process: one among several says which it is.</summary>
    public static string Speaker => AreSeveral ? $"sagitta, {_ranks}" : "sagitta";

    /// <summary>Joins the others.</summary>
    public static Ranks Start() => _ranks ??= MpiRanks.Start();

    /// <summary>Says what the exchange cost this process.</summary>
    public static void Tell(IRunProgress progress)
    {
        if (AreSeveral)
        {
            progress.Note(string.Create(CultureInfo.InvariantCulture,
                $"{_ranks}: sent {_ranks!.SentBytes / 1e6:0.0} MB, spent {_ranks.ExchangeTime.TotalSeconds:0.00} s in exchanges"));
        }
    }

    /// <summary>Leaves the others; after a failure ends them too, since they would wait without end.</summary>
    public static void End(int exitCode)
    {
        if (AreSeveral && exitCode != 0)
        {
            // A launcher that is told of an end drops what it has not read yet of the message that says why.
            Thread.Sleep(300);
            _ranks!.Abort(exitCode);
        }

        _ranks?.Dispose();
        _ranks = null;
    }
}
