namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta bench": how fast this machine trains, reconstructs, simulates and fits.</summary>
internal static class BenchVerb
{
    private const double QuickSeconds = 0.05;

    private static readonly VerbOption<string?> _json =
        VerbOption.Text("--json", "FILE", "Write machine and figures there as JSON; - for standard output, instead of the table") with
        { IsWritten = true };

    private static readonly VerbOption<bool> _quick = VerbOption.Flag("--quick", "Seconds instead of a minute; figures are rough");

    /// <summary>The verb for these systems.</summary>
    public static SystemVerb Of(IReadOnlyList<TrackingSystem> systems) => new(
        "bench", "Measure the speed of the chains, their parts and the machine's peaks", [_json, _quick, SharedOptions.Threads],
        run => Run(run, systems))
    {
        Examples = ["sagitta bench", "sagitta bench --json bench.json", "sagitta bench --quick --threads 1"],
    };

    private static int Run(VerbRun run, IReadOnlyList<TrackingSystem> systems)
    {
        BenchmarkSuite suite = new([.. systems.SelectMany(s => s.Benchmarks)], run.Threads);
        BenchmarkReport report = (run.Value(_quick) ? suite with { Seconds = QuickSeconds } : suite).Run(run.Progress, run.Stop);
        string? file = run.Value(_json);
        run.Output.Write(file == "-" ? report.ToJson() : report.Table());
        if (file is not null and not "-")
        {
            report.Write(file);
        }

        return 0;
    }
}
