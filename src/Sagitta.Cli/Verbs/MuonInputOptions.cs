using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>Options of verbs that read muon events: an event file, or deposits that are digitised on the fly.</summary>
internal static class MuonInputOptions
{
    /// <summary>--events.</summary>
    public static Option<string?> Events { get; } = new(
        "--events")
    { HelpName = "FILE", Description = "Event file (.npz) that simulate or import wrote" };

    /// <summary>The input that the user named.</summary>
    public static MuonInput Of(VerbRun run)
    {
        if (run.Value(Events) is not null && run.Value(EventOptions.Deposits) is not null)
        {
            throw new UsageException("--events and --deposits exclude each other: give one of them");
        }

        double[] fluxes = run.Given(EventOptions.Background) ? run.Value(EventOptions.Background)! : [5];
        return fluxes.Length == 1
            ? new()
            {
                Events = run.Value(Events),
                Deposits = run.Value(EventOptions.Deposits),
                Truth = run.Value(EventOptions.Truth),
                Background = fluxes[0],
                Smear = run.Value(EventOptions.Smear),
                Seed = run.Seed,
            }
            : throw new UsageException("--background takes one flux here");
    }
}
